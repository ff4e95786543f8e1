using System.Globalization;
using FunctionsBroker.ClaudeCode.Exchanges;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.SessionHost.Turns;

namespace FunctionsBroker.SessionHost.Actors;

internal sealed partial class SessionProcess
{
    /// <summary>Begins a new conversation where the old one is about to outgrow the model's context window, and the profile wants that.</summary>
    /// <remarks>Not for a turn that is tried again: the old conversation may hold its answer.</remarks>
    public async Task RotateIfDueAsync(TurnRun run)
    {
        if (_lease is not { Process: { IsAlive: true, ContextShare: var share } } lease
            || run.Request.Attempt > 1
            || services.Profiles.Find(session, lease.Profile) is not { ContextGuard: ContextGuardMode.Rotate } profile
            || share < profile.ContextThreshold)
        {
            return;
        }

        await CloseAsync();
        var (_, former) = Describe();
        var said = await LastExchanges.ReadAsync(former.Transcript, run.Stopping);
        var rotated = await claim.UpdateAsync(
            run.Request.Epoch,
            record => record with { ClaudeSessionId = Guid.NewGuid(), HasTranscript = false, TranscriptPath = null, TranscriptOffset = 0 },
            run.Stopping);
        if (rotated)
        {
            await UntoldOf(former).AddAsync(said);
            run.Note([string.Create(CultureInfo.InvariantCulture, $"The conversation took up {share:P0} of the model's context window; this reply begins a new one, which was told the last {said.Count} messages of it and their answers.")]);
        }
    }
}
