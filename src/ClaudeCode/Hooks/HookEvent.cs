using System.Text.Json;

namespace FunctionsBroker.ClaudeCode.Hooks;

/// <summary>Something that the CLI reports by a hook.</summary>
/// <remarks>
/// Measured on 2.1.329. Hooks are sent beside the CLI's other work: one may come before the transcript has what it tells
/// of, and an interrupted turn ends without any.
/// </remarks>
public abstract record HookEvent
{
    private HookEvent()
    {
    }

    /// <summary>The CLI's own id of the prompt that is being worked on; null where the payload has none.</summary>
    public string? PromptId { get; init; }

    /// <summary>A prompt has arrived and is about to be given to the model.</summary>
    public sealed record PromptSubmitted(string Prompt) : HookEvent;

    /// <summary>The turn has ended with an answer.</summary>
    /// <param name="LastMessage">The answer, trimmed at its end; null where the payload has none.</param>
    public sealed record Stopped(string? LastMessage) : HookEvent;

    /// <summary>The turn has ended by an error of the model.</summary>
    /// <param name="Error">The error's kind, such as <c>rate_limit</c>.</param>
    /// <param name="LastMessage">What the CLI says of it.</param>
    public sealed record StopFailed(string? Error, string? LastMessage) : HookEvent;

    /// <summary>The process is about to end.</summary>
    public sealed record SessionEnded(string? Reason) : HookEvent;

    /// <summary>A tool needs to be allowed; the answer to the hook decides.</summary>
    public sealed record PermissionRequested(string ToolName, JsonElement Input) : HookEvent;

    /// <summary>The CLI would like somebody to look at its terminal.</summary>
    public sealed record Notified(string? Kind, string? Message) : HookEvent;

    /// <summary>Something of which nothing follows here.</summary>
    public sealed record Other(string Name) : HookEvent;
}
