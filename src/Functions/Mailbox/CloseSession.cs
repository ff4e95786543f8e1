namespace FunctionsBroker.Functions.Mailbox;

/// <summary>Input of the entity's operation <c>Close</c>.</summary>
/// <param name="OnlyIfExpired">Because the session's time is up; one in use is left as it is.</param>
internal sealed record CloseSession(bool OnlyIfExpired);
