namespace FunctionsBroker.Contracts.Problems;

/// <summary>The stable codes of every problem that a caller can meet; <c>docs/protocol.md</c> lists them with their remedies.</summary>
public static class ProblemCodes
{
    public const string InvalidJson = "invalid_json";
    public const string InvalidSessionId = "invalid_session_id";
    public const string InvalidTurnId = "invalid_turn_id";
    public const string InvalidRequest = "invalid_request";
    public const string PromptEmpty = "prompt_empty";
    public const string PromptTooLarge = "prompt_too_large";
    public const string BodyTooLarge = "body_too_large";
    public const string UnsupportedOption = "unsupported_option";
    public const string UnknownProfile = "unknown_profile";
    public const string ReplyQueueNotAllowed = "reply_queue_not_allowed";
    public const string IdempotencyConflict = "idempotency_conflict";
    public const string Unauthorized = "unauthorized";
    public const string ReplyRestarted = "reply_restarted";
    public const string ReplyNotReady = "reply_not_ready";
    public const string TurnNotFound = "turn_not_found";
    public const string TurnNotBegun = "turn_not_begun";
    public const string InvalidMessage = "invalid_message";
    public const string SessionQueueFull = "session_queue_full";
    public const string SessionBusy = "session_busy";
    public const string HostAtCapacity = "host_at_capacity";
    public const string HostDraining = "host_draining";
    public const string StaleEpoch = "stale_epoch";
    public const string NoHostAvailable = "no_host_available";
    public const string HostUnreachable = "host_unreachable";
    public const string HostLost = "host_lost";
    public const string ProcessStartFailed = "process_start_failed";
    public const string ProcessCrashed = "process_crashed";
    public const string TurnTimedOut = "turn_timed_out";
    public const string Interrupted = "interrupted";
    public const string TurnCancelled = "turn_cancelled";
    public const string TurnExpired = "turn_expired";
    public const string PermissionNotFound = "permission_not_found";
    public const string PermissionSettled = "permission_settled";
    public const string AttachmentRejected = "attachment_rejected";
    public const string SessionNotFound = "session_not_found";
    public const string BudgetSpent = "budget_spent";
    public const string SessionDeleting = "session_deleting";
    public const string ModelRateLimited = "model_rate_limited";
    public const string ModelOverloaded = "model_overloaded";
    public const string ModelAuthentication = "model_authentication";
    public const string ModelRequestRejected = "model_request_rejected";
    public const string ModelError = "model_error";
    public const string ModelUnreachable = "model_unreachable";
    public const string ModelRefused = "model_refused";
    public const string ModelBudgetSpent = "model_budget_spent";
    public const string ModelCallLimit = "model_call_limit";
    public const string AnswerTooLong = "answer_too_long";
    public const string ContextTooLong = "context_too_long";
    public const string TurnNotReplayed = "turn_not_replayed";
    public const string SessionSuspended = "session_suspended";
    public const string ProfileSuspended = "profile_suspended";
    public const string ShuttingDown = "shutting_down";
    public const string InternalError = "internal_error";
}
