using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.SessionHost.Outcomes;

namespace FunctionsBroker.SessionHost.Actors;

/// <summary>The turn that a session ran last, for those who ask for it again.</summary>
/// <param name="Recorded">Whether the outcome is in the turn's row; where it is not, the reply is kept here.</param>
internal sealed record LastTurn(HostTurnRequest Request, FinishedTurn Finished, bool Recorded)
{
    /// <summary>Keeps what may still be asked for, and not texts of a megabyte for as long as the session is awake.</summary>
    public static LastTurn Of(HostTurnRequest request, FinishedTurn finished, bool recorded) => new(
        request with { Prompt = string.Empty, Attachments = [] },
        recorded ? finished with { Reply = null } : finished,
        recorded);
}
