using FunctionsBroker.ClaudeCode.Turns;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.ClaudeCode.Protocol;

/// <summary>One line that the CLI wrote in <c>--output-format stream-json</c>.</summary>
/// <remarks>Measured on 2.1.329. The order of keys is not stable, and new types appear: what is not known is kept, never fatal.</remarks>
internal abstract record CliMessage
{
    private CliMessage()
    {
    }

    /// <summary>Comes at the head of every turn.</summary>
    public sealed record Init(string? Version, string? Model) : CliMessage
    {
        /// <summary>The conversation that the turn belongs to; null in versions that do not say.</summary>
        public Guid? ConversationId { get; init; }

        /// <summary>What the CLI can do; empty in versions that do not say.</summary>
        public IReadOnlyList<string> Capabilities { get; init; } = [];
    }

    /// <summary>A piece of the answer as it is being written; may be taken back.</summary>
    /// <param name="ApiMessageId">The message that it is of; null in versions that do not say.</param>
    /// <param name="Block">The block's place in that message.</param>
    public sealed record TextDelta(string Text, string? ApiMessageId, int Block) : CliMessage;

    /// <summary>Blocks of a message that was broken off are taken back; the answer is fetched again.</summary>
    public sealed record Abandoned(string? ApiMessageId, int FromBlock) : CliMessage;

    /// <summary>A finished block of an answer.</summary>
    /// <param name="Text">Null when it is not a block of text.</param>
    /// <param name="ErrorKind">What failed, when the CLI wrote the block itself to tell of a failure: <c>rate_limit</c>, <c>authentication_failed</c> and the like.</param>
    /// <param name="Tools">The calls of tools in it, and what tools of the API itself have said.</param>
    public sealed record Assistant(string? Text, string? ErrorKind, IReadOnlyList<TurnProgress> Tools) : CliMessage
    {
        /// <summary>Of the call to the model that the block came from: what the conversation takes up; null when the CLI wrote the block itself.</summary>
        public long? ContextTokens { get; init; }
    }

    /// <summary>What tools have said, which goes to the model as a message of the user.</summary>
    public sealed record ToolResults(IReadOnlyList<TurnProgress> Tools) : CliMessage;

    /// <summary>The echo of a user line.</summary>
    public sealed record UserReplay(string? MessageId) : CliMessage;

    /// <summary>How far a user line with a <c>uuid</c> has come.</summary>
    public sealed record Lifecycle(string MessageId, LifecycleState State) : CliMessage;

    /// <summary>The end of a turn.</summary>
    public sealed record Result : CliMessage
    {
        public required bool IsError { get; init; }

        public string? Subtype { get; init; }

        /// <summary>With <see cref="IsError"/> what to decide by; <see cref="Subtype"/> says success of API errors too. Absent in older versions.</summary>
        public string? TerminalReason { get; init; }

        public int? ApiErrorStatus { get; init; }

        /// <summary>Why the model stopped.</summary>
        public string? StopReason { get; init; }

        /// <summary>The text of the last assistant message of the turn, or of the error.</summary>
        public string? Text { get; init; }

        public IReadOnlyList<string> Errors { get; init; } = [];

        /// <summary>The user lines that this turn answered; empty in versions that do not say.</summary>
        public IReadOnlyList<string> MessageIds { get; init; } = [];

        /// <summary>The run of the task whose report began the turn; null of any other.</summary>
        public string? RunId { get; init; }

        /// <summary>Of this turn.</summary>
        public TokenUsage Usage { get; init; } = new();

        /// <summary>What the model can take up at once, in tokens; null in versions that do not say.</summary>
        public long? ContextWindow { get; init; }

        /// <summary>Of this turn; null in versions that do not say.</summary>
        public decimal? TurnCostUsd { get; init; }

        /// <summary>Of the whole conversation as far as the CLI knows it.</summary>
        public decimal TotalCostUsd { get; init; }

        /// <summary>Of the whole conversation as far as the CLI knows it.</summary>
        public long TotalApiMs { get; init; }
    }

    /// <summary>Something about the tasks that outlive their turn. Each line says one of these things.</summary>
    /// <param name="Running">How many run now.</param>
    /// <param name="BegunRun">Names a run that has begun.</param>
    /// <param name="Report">What the model is told of one that has ended.</param>
    public sealed record TaskNews(int? Running = null, string? BegunRun = null, string? Report = null) : CliMessage;

    /// <summary>The CLI asks the model again after a pause, within the same turn.</summary>
    /// <param name="Delay">At least what the model's <c>retry-after</c> says. Measured on 2.1.329: up to 60 s the CLI waits that long and up to a quarter more; with more it gives up at once and does not say for how long.</param>
    public sealed record ApiRetry(int Attempt, TimeSpan Delay, int? ErrorStatus, string? ErrorKind) : CliMessage
    {
        /// <summary>The longest <c>retry-after</c> that the CLI obeys.</summary>
        public static TimeSpan LongestWait { get; } = TimeSpan.FromSeconds(60);
    }

    /// <summary>The answer to a request of ours.</summary>
    /// <param name="Error">Null when the request was met.</param>
    public sealed record ControlResponse(string RequestId, string? Error) : CliMessage;

    /// <summary>The CLI asks something and waits for the answer.</summary>
    /// <param name="Question">What it is when the CLI asks whether a tool may run.</param>
    public sealed record ControlRequest(string RequestId, string Subtype, PermissionQuestion? Question = null) : CliMessage;

    /// <summary>The CLI no longer waits for the answer.</summary>
    public sealed record ControlCancel(string RequestId) : CliMessage;

    /// <summary>JSON of a type that this program does not use.</summary>
    public sealed record Unknown(string Type, ReadOnlyMemory<byte> Raw) : CliMessage;

    /// <summary>Not the JSON of a message.</summary>
    public sealed record Invalid(ReadOnlyMemory<byte> Raw, long Dropped) : CliMessage;
}

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
