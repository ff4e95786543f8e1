namespace FunctionsBroker.ClaudeCode.Launch;

/// <summary>The CLI's command line. Prompts are not in it: other users of the machine can read it.</summary>
internal static class ClaudeArguments
{
    /// <param name="resume">Whether to take up the transcript that is there; otherwise a new conversation is begun under the id.</param>
    public static IReadOnlyList<string> For(ClaudeProfile profile, Guid claudeSessionId, bool resume)
    {
        List<string> arguments =
        [
            "-p",
            "--input-format", "stream-json",
            "--output-format", "stream-json",
            "--verbose", // stream-json is refused without it
            "--include-partial-messages", // a long answer shows that it is alive
            "--strict-mcp-config", // the working folder may not start servers
            "--setting-sources", "", // nor run hooks
        ];
        Add(arguments, "--model", profile.Model);
        Add(arguments, "--system-prompt", profile.SystemPrompt);
        Add(arguments, "--append-system-prompt", profile.AppendSystemPrompt);
        Add(arguments, "--tools", profile.Tools);
        AddAll(arguments, "--allowedTools", profile.AllowedTools);
        AddAll(arguments, "--disallowedTools", profile.DisallowedTools);
        Add(arguments, "--permission-mode", profile.PermissionMode);

        // Last, so that the options before it that take several values end here.
        Add(arguments, resume ? "--resume" : "--session-id", claudeSessionId.ToString("D"));
        return arguments;
    }

    private static void Add(List<string> arguments, string option, string? value)
    {
        if (value is not null)
        {
            arguments.AddRange([option, value]);
        }
    }

    private static void AddAll(List<string> arguments, string option, IReadOnlyList<string> values)
    {
        if (values.Count > 0)
        {
            arguments.AddRange([option, .. values]);
        }
    }
}
