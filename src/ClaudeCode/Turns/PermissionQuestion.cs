using System.Text.Json;

namespace FunctionsBroker.ClaudeCode.Turns;

/// <summary>The CLI asks whether a tool may run. A tool that asks the user something asks in this way too.</summary>
/// <param name="RequestId">Made by the CLI, unique within a process.</param>
/// <param name="Input">The tool's arguments.</param>
/// <param name="Description">For a person; the CLI's own words.</param>
/// <param name="ToolUseId">The call, as in <see cref="TurnProgress.ToolStarted"/>.</param>
public sealed record PermissionQuestion(string RequestId, string ToolName, JsonElement Input, string? Description, string? ToolUseId);
