using Azure;

namespace FunctionsBroker.Local.Storage.Tables;

/// <summary>
/// Where a query goes on. The service gives it as headers; callers see one string: for entities the two keys with a
/// space between (the service's own form of a key has none), for tables the next name.
/// </summary>
internal sealed record ContinuationToken(string? NextPartitionKey, string? NextRowKey, string? NextTableName)
{
    private const string HeaderPrefix = "x-ms-continuation-";

    /// <summary>The token of a page, or null if it is the last.</summary>
    public static ContinuationToken? From(Response response)
    {
        var token = new ContinuationToken(Header(response, nameof(NextPartitionKey)), Header(response, nameof(NextRowKey)), Header(response, nameof(NextTableName)));
        return token is { NextPartitionKey: null, NextRowKey: null, NextTableName: null } ? null : token;
    }

    /// <summary>Reads back what <see cref="ToString"/> gave.</summary>
    public static ContinuationToken? Parse(string? text, bool ofTables)
    {
        if (text is null || text.Length <= 1)
        {
            return null;
        }

        if (ofTables)
        {
            return new ContinuationToken(null, null, text);
        }

        var parts = text.Split(' ', 2);
        return new ContinuationToken(parts[0], parts is [_, { Length: > 0 } row] ? row : null, null);
    }

    public override string ToString() => NextTableName ?? $"{NextPartitionKey} {NextRowKey}";

    public void AppendTo(Action<string, string?> append)
    {
        append(nameof(NextPartitionKey), NextPartitionKey);
        append(nameof(NextRowKey), NextRowKey);
        append(nameof(NextTableName), NextTableName);
    }

    private static string? Header(Response response, string name) =>
        response.Headers.TryGetValue(HeaderPrefix + name, out var value) && value.Length > 0 ? value : null;
}
