using System.Globalization;

namespace FunctionsBroker.Contracts.Problems;

/// <summary>Makes every <see cref="Problem"/> that the program reports: one place for code, title, status and retryability.</summary>
public static class ProblemCatalogue
{
    /// <summary>What an id is that callers choose.</summary>
    public const string IdRule = "is 1 to 255 printable characters without a space at its ends; '.', '..' and what is percent-encoded are none.";

    public static Problem InvalidJson(string detail) =>
        new(ProblemCodes.InvalidJson, "The body is not the JSON that this call takes", 400, false, detail);

    public static Problem InvalidSessionId() =>
        new(ProblemCodes.InvalidSessionId, "The session id is not valid", 400, false, $"A session id {IdRule}");

    public static Problem InvalidTurnId() =>
        new(ProblemCodes.InvalidTurnId, "The turn id or Idempotency-Key is not valid", 400, false, $"A turn id, and so an Idempotency-Key, {IdRule}");

    public static Problem InvalidRequest(string detail) =>
        new(ProblemCodes.InvalidRequest, "The request is not valid", 400, false, detail);

    public static Problem PromptEmpty() =>
        new(ProblemCodes.PromptEmpty, "The prompt is empty", 400, false, "Send a prompt with at least one character that is not white space.");

    public static Problem PromptTooLarge(int limitBytes) =>
        new(ProblemCodes.PromptTooLarge, "The prompt is too large", 413, false, $"A prompt may have at most {limitBytes} bytes in UTF-8.");

    public static Problem BodyTooLarge(int limitBytes) =>
        new(ProblemCodes.BodyTooLarge, "The request body is too large", 413, false, $"A request body may have at most {limitBytes} bytes.");

    public static Problem UnsupportedOption(string option) =>
        new(ProblemCodes.UnsupportedOption, "The request asks for something that this version does not do", 422, false, $"Leave out '{option}'.");

    public static Problem UnknownProfile(string profile, IEnumerable<string> known) =>
        new(ProblemCodes.UnknownProfile, "No session host has this profile", 422, false, $"'{profile}' is not known. Profiles of the hosts that are up: {string.Join(", ", known)}.");

    public static Problem ReplyQueueNotAllowed(string queue) =>
        new(ProblemCodes.ReplyQueueNotAllowed, "Replies may not go to this queue", 422, false, $"'{queue}' is not in the configured list of reply queues (setting Broker:ReplyQueues).");

    public static Problem IdempotencyConflict() =>
        new(ProblemCodes.IdempotencyConflict, "This Idempotency-Key was used with another body", 422, false, "Use a new key for a new turn, or send the same body again.");

    public static Problem Unauthorized() =>
        new(ProblemCodes.Unauthorized, "The key is missing or wrong", 401, false, "Send a valid key for this call.");

    public static Problem TurnNotFound() =>
        new(ProblemCodes.TurnNotFound, "There is no such turn", 404, false, "The session has no turn with this id.");

    public static Problem TurnNotBegun() =>
        new(ProblemCodes.TurnNotBegun, "The turn's orchestration has not begun", 503, true, "It is about to; say it again.", 1);

    /// <param name="location">The turn's path.</param>
    public static Problem ReplyRestarted(string location) =>
        new(ProblemCodes.ReplyRestarted, "The reply began anew", 502, false, $"What was streamed so far no longer counts. The turn goes on; {location} has its reply when it has ended.");

    /// <param name="location">The turn's path.</param>
    public static Problem ReplyNotReady(string location) =>
        new(ProblemCodes.ReplyNotReady, "The turn has not ended yet", 504, true, $"The turn goes on; {location} has its reply when it has ended. The same request waits on, if it comes within seconds or with the same Idempotency-Key.");

    /// <param name="fault">What is wrong with the answer.</param>
    public static Problem AnswerFormatMissed(string fault) =>
        new(ProblemCodes.AnswerFormatMissed, "The answer does not have the form that was asked for", 502, false, $"The model was asked twice; the second time: {fault}");

    /// <param name="calls">Those that there are.</param>
    public static Problem CallNotFound(IEnumerable<string> calls) =>
        new(ProblemCodes.CallNotFound, "There is no such call", 404, false, $"There are: {string.Join(", ", calls)}.");

    public static Problem UnknownCaller() =>
        new(ProblemCodes.UnknownCaller, "The key is no caller's", 403, false, "Callers are told apart here by setting Broker:Callers, and none of them has this key.");

    /// <param name="why">What the key is for.</param>
    public static Problem NotAllowed(string why) =>
        new(ProblemCodes.NotAllowed, "The key does not allow that", 403, false, why);

    /// <param name="whose">Whose turns have to end first.</param>
    public static Problem TooManyTurns(string whose, int limit) =>
        new(ProblemCodes.TooManyTurns, "Too many turns are open", 429, true, $"{whose} has {limit} turns that have not ended, which is as many as it may have; send this one again when some have.", 5);

    public static Problem InvalidMessage(string detail) =>
        new(ProblemCodes.InvalidMessage, "The queue message cannot be read as a turn", 400, false, detail);

    public static Problem MessageGivenUp() =>
        new(ProblemCodes.MessageGivenUp, "The queue message could not be handled", 500, true, "It was delivered again and again, and failed each time; the log of the front says why. It is kept in the queue 'turns-poison'.");

    public static Problem SessionQueueFull(int limit) =>
        new(ProblemCodes.SessionQueueFull, "Too many turns wait in this session", 429, true, $"At most {limit} turns wait in one session; send this one again when some have ended.", 5);

    public static Problem SessionBusy() =>
        new(ProblemCodes.SessionBusy, "The session is running another turn", 409, true, "Another turn of the session has not ended yet; this one can be sent again when it has.", 1);

    public static Problem HostAtCapacity(int limit) =>
        new(ProblemCodes.HostAtCapacity, "Every process of the session host is busy", 429, true, $"The host runs at most {limit} processes and none is idle.", 2);

    public static Problem HostDiskFull() =>
        new(ProblemCodes.HostDiskFull, "The disk of the session host is full", 503, true, "The host takes no turns until there is room again; they go to another one.", 10);

    public static Problem DiskQuotaSpent(int mebibytes) =>
        new(ProblemCodes.DiskQuotaSpent, "The session's files take too much room", 507, false, $"They may have {mebibytes} MiB together, and the turn was stopped because it made them larger. Have some deleted by another turn, or delete the session.");

    public static Problem HostDraining() =>
        new(ProblemCodes.HostDraining, "The session host is shutting down", 503, true, "The turn goes to another host, or to this one when it is back.", 1);

    public static Problem ConversationUnavailable() =>
        new(ProblemCodes.ConversationUnavailable, "The conversation could not be fetched", 503, true, "Its transcript or its turns could not be read from storage. Nothing is lost: the turn can be sent again.", 10);

    public static Problem StaleEpoch(long held, long offered) =>
        new(ProblemCodes.StaleEpoch, "The session has moved on", 409, false, $"The request carries epoch {offered}, but the session is at {held}.");

    public static Problem NoHostAvailable() =>
        new(ProblemCodes.NoHostAvailable, "No session host is up", 503, true, "Start a session host, or wait until one has sent its heartbeat.", 5);

    public static Problem HostUnreachable(string hostId) =>
        new(ProblemCodes.HostUnreachable, "The session host does not answer", 503, true, $"Host '{hostId}' did not answer; the turn is tried again.", 2);

    public static Problem HostLost(string hostId) =>
        new(ProblemCodes.HostLost, "The session host went away in the middle of the turn", 503, true, $"Host '{hostId}' no longer knows the turn; the conversation is resumed and the turn is run again.");

    public static Problem ProcessStartFailed(string detail) =>
        new(ProblemCodes.ProcessStartFailed, "The claude process did not start", 502, true, detail);

    public static Problem ProcessCrashed(string detail) =>
        new(ProblemCodes.ProcessCrashed, "The claude process ended in the middle of the turn", 502, true, detail);

    public static Problem TurnTimedOut(TimeSpan limit) =>
        new(ProblemCodes.TurnTimedOut, "The turn took too long", 504, false, $"The turn did not end within {limit.TotalSeconds:0} seconds and was stopped.");

    public static Problem Interrupted() =>
        new(ProblemCodes.Interrupted, "The turn was interrupted", 409, false, "The turn was stopped before it had an answer.");

    public static Problem TurnCancelled() =>
        new(ProblemCodes.TurnCancelled, "The turn was cancelled", 409, false, "Somebody cancelled the turn before it had an answer.");

    public static Problem TurnExpired() =>
        new(ProblemCodes.TurnExpired, "The turn's deadline has passed", 504, false, "The turn had no answer when its deadlineSeconds were over, and was stopped.");

    public static Problem PermissionNotFound() =>
        new(ProblemCodes.PermissionNotFound, "There is no such question", 404, false, "The session has not asked this, or so long ago that it is forgotten.");

    /// <param name="how">How it was settled.</param>
    public static Problem PermissionSettled(string how) =>
        new(ProblemCodes.PermissionSettled, "The question is settled already", 409, false, $"The question is {how}; this decision changes nothing.");

    /// <param name="name">Which attachment.</param>
    /// <param name="fault">What is wrong with it, as a whole sentence.</param>
    public static Problem AttachmentRejected(string name, string fault) =>
        new(ProblemCodes.AttachmentRejected, "An attachment cannot be taken", 422, false, $"Attachment '{name}': {fault}");

    public static Problem SessionNotFound() =>
        new(ProblemCodes.SessionNotFound, "There is no such session", 404, false, "The session is not known here: it was never configured or used, or it has been deleted.");

    /// <param name="whose">The session or the profile.</param>
    /// <param name="retryAfterSeconds">When the budget begins anew; null when it does not.</param>
    public static Problem BudgetSpent(string whose, decimal limitUsd, int? retryAfterSeconds) =>
        new(
            ProblemCodes.BudgetSpent,
            "The budget is spent",
            429,
            retryAfterSeconds is not null,
            string.Create(CultureInfo.InvariantCulture, $"The turns of {whose} may cost {limitUsd:0.######} US dollars, and that is spent. {(retryAfterSeconds is null ? "Raise the budget, or use another session." : "Wait until the next period begins, or raise the budget.")}"),
            retryAfterSeconds);

    public static Problem SessionDeleting() =>
        new(ProblemCodes.SessionDeleting, "The session is being deleted", 409, true, "Nothing can be changed in it any more; when it is gone, its id can be used anew.", 2);

    public static Problem ModelRateLimited(string detail, int? retryAfterSeconds) =>
        new(ProblemCodes.ModelRateLimited, "The model's rate limit is reached", 429, true, detail, retryAfterSeconds);

    public static Problem ModelOverloaded(string detail) =>
        new(ProblemCodes.ModelOverloaded, "The model is overloaded", 503, true, detail);

    public static Problem ModelAuthentication(string detail) =>
        new(ProblemCodes.ModelAuthentication, "The model refused the credentials of the session host", 502, false, detail);

    public static Problem ModelRequestRejected(string detail) =>
        new(ProblemCodes.ModelRequestRejected, "The model refused the request", 502, false, detail);

    public static Problem ModelError(string detail) =>
        new(ProblemCodes.ModelError, "The model failed", 502, true, detail);

    public static Problem ModelUnreachable(string detail) =>
        new(ProblemCodes.ModelUnreachable, "The model could not be reached, or the connection to it broke", 502, true, detail);

    public static Problem ModelRefused(string detail) =>
        new(ProblemCodes.ModelRefused, "The model refused to answer", 422, false, detail);

    public static Problem ModelBudgetSpent(string detail) =>
        new(ProblemCodes.ModelBudgetSpent, "The profile's budget for this process is spent", 422, false, detail);

    public static Problem ModelCallLimit(string detail) =>
        new(ProblemCodes.ModelCallLimit, "The turn needed more calls to the model than its profile allows", 422, false, detail);

    public static Problem AnswerTooLong(string detail) =>
        new(ProblemCodes.AnswerTooLong, "The answer is longer than the model may write", 422, false, detail);

    /// <param name="why">What ended the try before.</param>
    /// <param name="rule">Why it is not tried again.</param>
    public static Problem TurnNotReplayed(string why, string rule) =>
        new(ProblemCodes.TurnNotReplayed, "The turn was cut off and is not run again", 502, false, $"{rule} {why} Look at what it has done, and send a new turn.");

    public static Problem SessionSuspended(int failures, int retryAfterSeconds) =>
        new(ProblemCodes.SessionSuspended, "The session's process has crashed too often", 503, true, $"It ended {failures} times in a row in the middle of a turn; the next try is made after a pause.", retryAfterSeconds);

    public static Problem ProfileSuspended(string profile, int failures, int retryAfterSeconds) =>
        new(ProblemCodes.ProfileSuspended, "The profile's processes do not start", 503, true, $"{failures} processes of profile '{profile}' in a row did not start; the next try is made after a pause.", retryAfterSeconds);

    public static Problem ContextTooLong(string detail) =>
        new(ProblemCodes.ContextTooLong, "The conversation is longer than the model takes", 422, false, detail);

    /// <param name="said">What the CLI said.</param>
    public static Problem ChannelsUnavailable(string said) =>
        new(ProblemCodes.ChannelsUnavailable, "The CLI offers no channels here", 502, false, $"The vendor has not switched channels on for this account, or the CLI may not ask whether it has: {said}");

    /// <inheritdoc cref="ChannelsUnavailable"/>
    public static Problem ChannelsRefused(string said) =>
        new(ProblemCodes.ChannelsRefused, "The CLI refused the broker's channel", 502, false, $"It did not take the flag that names the channel, or the channel itself: {said}");

    /// <inheritdoc cref="ChannelsUnavailable"/>
    public static Problem ChannelsPolicy(string said) =>
        new(ProblemCodes.ChannelsPolicy, "The organisation has not switched channels on", 502, false, $"An administrator decides that, by the policy channelsEnabled: {said}");

    /// <inheritdoc cref="ChannelsUnavailable"/>
    public static Problem ChannelsProvider(string said) =>
        new(ProblemCodes.ChannelsProvider, "This way to the model has no channels", 502, false, $"They are not offered with these credentials or by this provider: {said}");

    /// <inheritdoc cref="ChannelsUnavailable"/>
    public static Problem ChannelsProtocol(string said) =>
        new(ProblemCodes.ChannelsProtocol, "The CLI and the broker's channel speak different revisions", 502, false, $"The revision of MCP that they agreed on has no messages that nobody asked for: {said}");

    /// <param name="within">How long each push was waited for.</param>
    public static Problem ChannelNotDelivered(TimeSpan within) =>
        new(ProblemCodes.ChannelNotDelivered, "The prompt did not arrive over the channel", 502, true, string.Create(CultureInfo.InvariantCulture, $"Two pushes showed no sign of arrival within {within.TotalSeconds:0.#} seconds each; the process was stopped, so neither can run later."));

    public static Problem ChannelUnsuited(string what) =>
        new(ProblemCodes.ChannelUnsuited, "A channel cannot carry this turn", 422, false, what);

    public static Problem ShuttingDown() =>
        new(ProblemCodes.ShuttingDown, "The front is shutting down", 503, true, "Send the request again, with the same Idempotency-Key; a turn that was accepted goes on.", 2);

    public static Problem StorageUnavailable() =>
        new(ProblemCodes.StorageUnavailable, "The storage does not answer", 503, true, "Send the request again later, with the same Idempotency-Key; what was accepted before is kept.", 5);

    /// <param name="traceId">Where the log has the rest; the exception itself is never shown.</param>
    public static Problem InternalError(string traceId) =>
        new(ProblemCodes.InternalError, "Something failed inside the broker", 500, true, $"Look for trace {traceId} in the log.");
}
