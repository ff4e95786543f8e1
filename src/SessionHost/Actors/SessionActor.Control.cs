using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.Contracts.Events;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.SessionHost.Events;
using FunctionsBroker.SessionHost.Outcomes;
using FunctionsBroker.SessionHost.Turns;
using FunctionsBroker.Sessions.Attachments;

namespace FunctionsBroker.SessionHost.Actors;

/// <summary>Turns that are stopped for others or by somebody, and what listeners are told of the end.</summary>
internal sealed partial class SessionActor
{
    private const string TakenOver = "The turn was handed to this host again.";

    /// <summary>For a session whose own profile this host does not have; its turn fails for that.</summary>
    private static readonly ClaudeProfile s_anyProfile = new();

    private HostTurn? Cancel(string turnId)
    {
        if (_run is { } run && run.Request.TurnId == turnId)
        {
            run.Stop(ProblemCatalogue.TurnCancelled());
        }

        return Find(turnId);
    }

    private ClaudeProfile? Profile => _claim.Record is { Profile: var name } ? _services.Profiles.Find(_session, name) : null;

    private Problem? CheckAttachments(HostTurnRequest request, out IReadOnlyList<CheckedAttachment> attachments)
    {
        var profile = Profile ?? s_anyProfile;
        return AttachmentRules.Check(request.Attachments ?? [], new AttachmentLimits(profile.MaxAttachments, profile.MaxAttachmentBytes), out attachments);
    }

    private TurnRun NewRun(HostTurnRequest request, DateTimeOffset startedAt, IReadOnlyList<CheckedAttachment> attachments)
    {
        var profile = Profile ?? s_anyProfile;
        var policy = new PermissionPolicy(profile.Permissions == PermissionHandling.Relay, profile.PermissionTimeout);
        return new TurnRun(request, startedAt)
        {
            Attachments = attachments,
            Relay = _services.Relays.Begin(_session, request.TurnId, policy),
        };
    }

    // Only now, when the outcome is safe: a listener is never told of an answer that another run may contradict.
    private void EndEvents(TurnRun run, FinishedTurn finished, RecordResult result) =>
        run.Relay.End(result switch
        {
            RecordResult.Recorded when finished.Reply is { } reply => new TurnEvent.Completed(reply),
            RecordResult.Recorded when finished.Problem is { } problem => new TurnEvent.Failed(finished.Outcome, problem),
            _ => new TurnEvent.Failed(AttemptOutcome.Lost, ProblemCatalogue.HostLost(_services.HostId)),
        });
}
