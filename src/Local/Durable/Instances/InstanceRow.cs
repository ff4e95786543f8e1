using System.Text.Json;
using Azure.Data.Tables;
using FunctionsBroker.Local.Durable.Orchestrations;
using Microsoft.DurableTask.Client;

namespace FunctionsBroker.Local.Durable.Instances;

/// <summary>The first row of an instance: its document, and columns to query by.</summary>
internal static class InstanceRow
{
    public const string RowKey = "i";
    public const string Orchestration = "o";
    public const string Entity = "e";

    public const string Kind = "Kind";
    public const string Lsn = "Lsn";
    public const string Epoch = "Epoch";
    public const string Active = "Active";
    public const string Parts = "Parts";
    public const string HasState = "HasState";
    public const string Name = "Name";
    public const string Status = "Status";
    public const string CreatedAt = "CreatedAt";
    public const string UpdatedAt = "UpdatedAt";

    /// <summary>What a listing without inputs and outputs reads.</summary>
    public static readonly IReadOnlyList<string> SummaryColumns = ["PartitionKey", "RowKey", Name, Status, CreatedAt, UpdatedAt];

    public static TableEntity Create(string id, InstanceDocument document, long lsn, long epoch)
    {
        bool isEntity = EntityIds.IsEntity(id);
        TableEntity row = new(InstanceKey.Encode(id), RowKey)
        {
            [Kind] = isEntity ? Entity : Orchestration,
            [Lsn] = lsn,
            [Epoch] = epoch,
            [Active] = document.IsActive,
        };
        if (isEntity)
        {
            row[HasState] = document.Entity?.State is not null;
            row[UpdatedAt] = document.Entity?.ModifiedAt;
        }
        else if (InstanceSummary.Of(id, document) is { } summary)
        {
            row[Name] = summary.Name;
            row[Status] = summary.Status.ToString();
            row[CreatedAt] = summary.CreatedAt;
            row[UpdatedAt] = summary.UpdatedAt;
        }

        return row;
    }

    public static byte[] Serialize(InstanceDocument document) =>
        JsonSerializer.SerializeToUtf8Bytes(document, HubJson.Default.InstanceDocument);

    public static InstanceDocument Deserialize(MemoryStream body) =>
        JsonSerializer.Deserialize(body.GetBuffer().AsSpan(0, (int)body.Length), HubJson.Default.InstanceDocument)
            ?? throw new InvalidDataException("The row of an instance is empty.");

    public static InstanceSummary Summary(TableEntity row) => new(
        InstanceKey.Decode(row.PartitionKey),
        row.GetString(Name) ?? string.Empty,
        Enum.Parse<OrchestrationRuntimeStatus>(row.GetString(Status)),
        row.GetDateTimeOffset(CreatedAt) ?? default,
        row.GetDateTimeOffset(UpdatedAt) ?? default);
}
