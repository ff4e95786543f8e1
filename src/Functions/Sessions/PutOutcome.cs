using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Functions.Sessions;

/// <summary>What became of a session that was to be configured.</summary>
internal abstract record PutOutcome
{
    private PutOutcome()
    {
    }

    /// <param name="IsNew">Whether there was no such session before.</param>
    public sealed record Done(SessionRecord Session, bool IsNew) : PutOutcome;

    public sealed record Refused(Problem Problem) : PutOutcome;
}
