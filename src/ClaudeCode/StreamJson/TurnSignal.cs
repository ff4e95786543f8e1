using FunctionsBroker.ClaudeCode.Protocol;

namespace FunctionsBroker.ClaudeCode.StreamJson;

/// <summary>What ended a turn, as the process's output tells it.</summary>
internal abstract record TurnSignal
{
    private TurnSignal()
    {
    }

    public sealed record Result(CliMessage.Result Line, string? ErrorKind, CliMessage.ApiRetry? Retry) : TurnSignal;

    /// <summary>The line was known and not run.</summary>
    public sealed record Repeated : TurnSignal;

    /// <summary>The line was taken back before it was run.</summary>
    public sealed record Cancelled : TurnSignal;

    public sealed record ProcessEnded : TurnSignal;
}
