using System.Text.Json.Serialization;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.Contracts.Hosts;

/// <summary>A session that is awake on a host, as the host API shows it.</summary>
public sealed record HostSession
{
    public required string SessionId { get; init; }

    public required HostSessionState State { get; init; }

    /// <summary>Since when a turn runs, or none does.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>The turn that runs.</summary>
    public string? TurnId { get; init; }

    /// <summary>The profile of the process.</summary>
    public string? Profile { get; init; }

    /// <summary>Null when no process lives.</summary>
    public TurnProcess? Process { get; init; }

    /// <summary>What the process, with what it has started, holds in memory.</summary>
    public long? ResidentBytes { get; init; }

    /// <summary>How much of the model's context window the conversation takes up, 0 to 1; null while that is not known.</summary>
    public double? ContextShare { get; init; }
}

/// <summary>What a session that is awake on a host is doing.</summary>
public enum HostSessionState
{
    /// <summary>A turn waits for its process to come up.</summary>
    [JsonStringEnumMemberName("starting")]
    Starting,

    /// <summary>No turn runs.</summary>
    [JsonStringEnumMemberName("idle")]
    Idle,

    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>A turn stands still until somebody decides whether a tool may run.</summary>
    [JsonStringEnumMemberName("waitingForPermission")]
    WaitingForPermission,

    /// <summary>A turn is being stopped.</summary>
    [JsonStringEnumMemberName("stopping")]
    Stopping,

    /// <summary>Its process is being closed; the session is kept.</summary>
    [JsonStringEnumMemberName("closing")]
    Closing,
}

/// <summary>A part of a conversation, newest first.</summary>
public sealed record HistoryPage
{
    public required IReadOnlyList<HistoryEntry> Entries { get; init; }

    /// <summary>The <c>before</c> of the next page; null when this is the last one.</summary>
    public string? Next { get; init; }
}

/// <summary>Something that was said in a conversation.</summary>
public sealed record HistoryEntry
{
    /// <summary><c>user</c> or <c>assistant</c>.</summary>
    public required string Role { get; init; }

    public required string Text { get; init; }

    /// <summary>The names of the tools that were called, in order.</summary>
    public IReadOnlyList<string> Tools { get; init; } = [];

    /// <summary>The CLI's id of the message.</summary>
    public string? MessageId { get; init; }

    public DateTimeOffset? At { get; init; }
}
