using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FunctionsBroker.Contracts.Serialization;

namespace FunctionsBroker.Contracts.Events;

/// <summary>The names of the events, and their data as JSON.</summary>
public static class TurnEventJson
{
    public const string Accepted = "accepted";
    public const string Queued = "queued";
    public const string Started = "started";
    public const string Delta = "delta";
    public const string Tool = "tool";
    public const string Permission = "permission";
    public const string Reset = "reset";
    public const string Completed = "completed";
    public const string Failed = "failed";

    public static string NameOf(TurnEvent turnEvent) =>
        turnEvent switch
        {
            TurnEvent.Accepted => Accepted,
            TurnEvent.Queued => Queued,
            TurnEvent.Started => Started,
            TurnEvent.Delta => Delta,
            TurnEvent.Tool => Tool,
            TurnEvent.Permission => Permission,
            TurnEvent.Reset => Reset,
            TurnEvent.Completed => Completed,
            TurnEvent.Failed => Failed,
            _ => throw new UnreachableException(),
        };

    /// <summary>One line of JSON in UTF-8.</summary>
    public static byte[] Write(TurnEvent turnEvent) =>
        JsonSerializer.SerializeToUtf8Bytes(turnEvent, TypeOf(NameOf(turnEvent)) ?? throw new UnreachableException());

    /// <returns>Null for an event that this version does not know.</returns>
    /// <exception cref="JsonException">The data is not that event's.</exception>
    public static TurnEvent? Read(string name, string data) =>
        TypeOf(name) is { } type ? (TurnEvent?)JsonSerializer.Deserialize(data, type) : null;

    /// <summary>The same for data in UTF-8.</summary>
    /// <returns>Null for an event that this version does not know.</returns>
    /// <exception cref="JsonException">The data is not that event's.</exception>
    public static TurnEvent? Read(string name, ReadOnlySpan<byte> data) =>
        TypeOf(name) is { } type ? (TurnEvent?)JsonSerializer.Deserialize(data, type) : null;

    private static JsonTypeInfo? TypeOf(string name) =>
        name switch
        {
            Accepted => ContractsJsonContext.Default.TurnEventAccepted,
            Queued => ContractsJsonContext.Default.TurnEventQueued,
            Started => ContractsJsonContext.Default.TurnEventStarted,
            Delta => ContractsJsonContext.Default.TurnEventDelta,
            Tool => ContractsJsonContext.Default.TurnEventTool,
            Permission => ContractsJsonContext.Default.TurnEventPermission,
            Reset => ContractsJsonContext.Default.TurnEventReset,
            Completed => ContractsJsonContext.Default.TurnEventCompleted,
            Failed => ContractsJsonContext.Default.TurnEventFailed,
            _ => null,
        };
}
