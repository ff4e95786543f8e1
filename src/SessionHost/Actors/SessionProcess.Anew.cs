using System.Globalization;
using FunctionsBroker.ClaudeCode.Exchanges;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.SessionHost.Conversations;
using FunctionsBroker.SessionHost.Turns;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.SessionHost.Actors;

/// <summary>Begins new conversations in a session.</summary>
internal sealed partial class SessionProcess
{
    /// <summary>Begins a new conversation where the turn asks for that.</summary>
    /// <returns>Null, or why the turn may not run.</returns>
    public async Task<Problem?> BeginAnewIfAskedAsync(TurnRun run)
    {
        if (run.Request.Command != ConversationCommand.Clear)
        {
            return null;
        }

        // An attempt before this one may have done it, and what it has got since is not to be lost.
        var (record, former) = Describe();
        if (record.TranscriptTurnId == run.TurnId || IsUnused(record.LastTurnId is null, former))
        {
            return null;
        }

        await CloseAsync();
        if (!await claim.UpdateAsync(run.Request.Epoch, row => ConversationKeeper.Anew(row) with { TranscriptTurnId = run.TurnId }, run.Stopping))
        {
            return await CheckAsync(run, run.Stopping);
        }

        former.Folders.DeleteConversation();
        former.Folders.Create();
        _untold?.Forget();
        if (record.TranscriptBlob is { } blob)
        {
            await DropAsync(blob);
        }

        return null;
    }

    /// <summary>Records that the CLI itself has begun another conversation in a turn, so that it is that one which is kept and resumed.</summary>
    /// <returns>Whether it has.</returns>
    public async Task<bool> FollowAsync(TurnRun run)
    {
        if (_lease?.Process.ConversationId is not { } conversation || claim.Record is not { } record || conversation == record.ClaudeSessionId)
        {
            return false;
        }

        LogFollowed(services.Logger, session, conversation);
        var followed = await claim.UpdateAsync(
            run.Request.Epoch,
            row => ConversationKeeper.Anew(row) with { ClaudeSessionId = conversation, TranscriptTurnId = run.TurnId },
            services.Aborting);
        if (followed && record.TranscriptBlob is { } blob)
        {
            await DropAsync(blob);
        }

        return followed;
    }

    // There is nothing to forget, and the process may be one that was ready.
    private bool IsUnused(bool hadNoTurn, ClaudeLaunch conversation) =>
        hadNoTurn && !conversation.HasHistory && !conversation.Transcript.Exists && (_lease?.Process.Describe().Turn ?? 0) == 0;

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
        var (record, former) = Describe();
        var said = await LastExchanges.ReadAsync(former.Transcript, run.Stopping);
        var rotated = await claim.UpdateAsync(
            run.Request.Epoch,
            ConversationKeeper.Anew,
            run.Stopping);
        if (rotated)
        {
            if (record.TranscriptBlob is { } blob)
            {
                await DropAsync(blob);
            }

            await UntoldOf(former).AddAsync(said);
            run.Note([string.Create(CultureInfo.InvariantCulture, $"The conversation took up {share:P0} of the model's context window; this reply begins a new one, which was told the last {said.Count} messages of it and their answers.")]);
        }
    }

    [LoggerMessage(EventIds.ConversationFollowed, LogLevel.Warning, "Session {SessionId}: the CLI has begun another conversation by itself, {Conversation}, which is the session's from now on")]
    private static partial void LogFollowed(ILogger logger, SessionId sessionId, Guid conversation);
}
