namespace FunctionsBroker.ClaudeCode.Protocol;

/// <summary>The states that <c>command_lifecycle</c> lines name.</summary>
internal enum LifecycleState
{
    Unknown,
    Queued,
    Started,

    /// <summary>After the result; without a <see cref="Started"/> before it, the line was a repetition and nothing was run.</summary>
    Completed,
    Cancelled,
}
