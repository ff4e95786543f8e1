namespace FunctionsBroker.ClaudeCode.Channels;

/// <param name="Behavior"><c>allow</c> or <c>deny</c>.</param>
internal sealed record PermissionAnswer(string RequestId, string Behavior);
