namespace FunctionsBroker.Cli.Doctor;

/// <summary>What a chat room that may send turns can reach, profile by profile.</summary>
internal static class ProfileChecks
{
    private const string Subject = "profiles";
    private const string Open = "open ";

    /// <summary>Asks the session host, which reads the same settings as those that <c>up</c> starts.</summary>
    public static async Task<IReadOnlyList<Finding>> RunAsync(Repository repository, CancellationToken cancellationToken)
    {
        var program = repository.Program("SessionHost");
        var lines = await ToolProbe.LinesAsync("dotnet", Path.GetDirectoryName(program), cancellationToken, program, "check-profiles");
        return lines is null
            ? [new Finding(FindingState.Missing, Subject, "the settings of the session hosts cannot be used; ./broker up says why")]
            : [.. lines.Select(line => new Finding(IsOpen(line) ? FindingState.Note : FindingState.Good, Subject, line[Open.Length..]))];
    }

    private static bool IsOpen(string line) => line.StartsWith(Open, StringComparison.Ordinal);
}
