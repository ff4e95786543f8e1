namespace Microsoft.DurableTask.Client.Entities;

/// <summary>Which entities to list; conditions that are null do not restrict.</summary>
public record EntityQuery
{
    public const int DefaultPageSize = 100;

    /// <summary>
    /// Start of <c>@name@key</c>. A missing first <c>@</c> is added, and the name is lower-cased as entity names are.
    /// </summary>
    public string? InstanceIdStartsWith
    {
        get;
        init
        {
            if (value is null)
            {
                field = null;
                return;
            }

            string prefix = value.StartsWith('@') ? value : "@" + value;
            int separator = prefix.IndexOf('@', 1);
            field = separator < 0
                ? prefix.ToLowerInvariant()
                : string.Concat(prefix[..separator].ToLowerInvariant(), prefix.AsSpan(separator));
        }
    }

    public DateTimeOffset? LastModifiedFrom { get; init; }

    public DateTimeOffset? LastModifiedTo { get; init; }

    /// <summary>Default: true.</summary>
    public bool IncludeState { get; init; } = true;

    /// <summary>Whether entities that have no state are listed too. Default: false.</summary>
    public bool IncludeTransient { get; init; }

    public int? PageSize { get; init; }

    public string? ContinuationToken { get; init; }
}
