namespace FunctionsBroker.Cli.Doctor;

/// <summary>What the transport <c>channel</c> needs, and whether the vendor lets it work on this machine.</summary>
internal static class ChannelChecks
{
    private const string Subject = "channels";
    private const string Use = "profiles with the transport 'channel'";

    /// <param name="startsCli">Whether to ask the CLI itself. The session host does it, as it would for a session.</param>
    public static async Task<Finding> RunAsync(Repository repository, bool startsCli, CancellationToken cancellationToken)
    {
        foreach (var (tool, option, package) in ((string, string, string)[])[("script", "--version", "bsdutils"), ("socat", "-V", "socat")])
        {
            if (await ToolProbe.VersionAsync(tool, cancellationToken, option) is null)
            {
                return new Finding(FindingState.Note, Subject, $"{tool} is not there; only {Use} need it: install the package {package}");
            }
        }

        if (!startsCli)
        {
            return new Finding(FindingState.Good, Subject, "script and socat are there; ./broker doctor --channels asks the CLI whether it takes channels for your account");
        }

        var said = await ToolProbe.VersionAsync("dotnet", cancellationToken, repository.Program("SessionHost"), "check-channels", repository.Claude);
        return said switch
        {
            null => new Finding(FindingState.Note, Subject, "the CLI could not be asked: run ./broker setup"),
            _ when said.StartsWith("available", StringComparison.Ordinal) => new Finding(FindingState.Good, Subject, said),
            _ => new Finding(FindingState.Note, Subject, $"{said}; {Use} fall back to their next transport"),
        };
    }
}
