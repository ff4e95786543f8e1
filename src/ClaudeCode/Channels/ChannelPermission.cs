namespace FunctionsBroker.ClaudeCode.Channels;

/// <summary>The CLI shows a dialog that asks whether a tool may run, and asks here too. Whoever answers first decides.</summary>
/// <param name="RequestId">Five letters, made by the CLI.</param>
/// <param name="Description">For a person; the CLI's own words.</param>
/// <param name="InputPreview">The tool's arguments, possibly cut.</param>
internal sealed record ChannelPermission(string RequestId, string ToolName, string? Description, string? InputPreview);
