using System.Runtime.CompilerServices;
using System.Text.Json;
using FunctionsBroker.Cli.Data;
using FunctionsBroker.Cli.Processes;

namespace FunctionsBroker.Cli.Doctor;

/// <summary>What <c>broker doctor</c> looks at, in order.</summary>
/// <param name="startsCli">Whether the CLI may be started to ask it about channels, which takes some seconds.</param>
internal sealed class Checks(Repository repository, string dataPath, bool startsCli)
{
    private const string ClaudePackage = "@anthropic-ai/claude-code";
    private const int LeastNodeVersion = 20;

    public async IAsyncEnumerable<Finding> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return Tool("dotnet", await ToolProbe.VersionAsync("dotnet", cancellationToken, "--version"), "the .NET SDK 10, https://dotnet.microsoft.com/download", "10.");
        yield return Node(await ToolProbe.VersionAsync("node", cancellationToken, "--version"));
        yield return Tool("npm", await ToolProbe.VersionAsync("npm", cancellationToken, "--version"), "it comes with Node.js, https://nodejs.org");
        yield return Tool("git", await ToolProbe.VersionAsync("git", cancellationToken, "--version"), "install it with your package manager");
        yield return Tool("setsid", await ToolProbe.VersionAsync("setsid", cancellationToken, "--version"), "it is part of util-linux");
        yield return Tool("bash", await ToolProbe.VersionAsync("bash", cancellationToken, "--version"), "install it with your package manager");
        yield return Tool("azurite", await ToolProbe.VersionAsync("node", cancellationToken, repository.Azurite, "--version"), "run ./broker setup", Pinned("azurite"));
        yield return Tool("claude", await ToolProbe.VersionAsync(repository.Claude, cancellationToken, "--version"), "run ./broker setup", Pinned(ClaudePackage));
        yield return await SandboxAsync(cancellationToken);
        yield return await ChannelChecks.RunAsync(repository, startsCli, cancellationToken);
        foreach (var profile in await ProfileChecks.RunAsync(repository, cancellationToken))
        {
            yield return profile;
        }

        yield return Credentials.Check(Environment.GetEnvironmentVariable);
        yield return await RunningAsync(cancellationToken);
    }

    private static Finding Tool(string name, string? version, string remedy, string pin = "") => version switch
    {
        null => new Finding(FindingState.Missing, name, $"not there or does not answer: {remedy}"),
        _ when !version.StartsWith(pin, StringComparison.Ordinal) => new Finding(FindingState.Missing, name, $"{version}, but {pin.TrimEnd('.')} is needed: {remedy}"),
        _ => new Finding(FindingState.Good, name, version),
    };

    private static Finding Node(string? version)
    {
        const string Remedy = "Node.js 20 or newer, https://nodejs.org";
        var major = version?.TrimStart('v').Split('.')[0];
        return int.TryParse(major, out var number) && number < LeastNodeVersion
            ? new Finding(FindingState.Missing, "node", $"{version}, but {LeastNodeVersion} is needed: {Remedy}")
            : Tool("node", version, Remedy);
    }

    private static async Task<Finding> SandboxAsync(CancellationToken cancellationToken)
    {
        const string Use = "profiles with the sandbox 'bubblewrap'";
        if (await ToolProbe.VersionAsync("bwrap", cancellationToken, "--version") is not { } version)
        {
            return new Finding(FindingState.Note, "bubblewrap", $"not there; only {Use} need it: install the package bubblewrap");
        }

        // It prints nothing by itself, so the program in the sandbox does.
        var works = await ToolProbe.VersionAsync(
            "bwrap", cancellationToken, "--unshare-user-try", "--unshare-pid", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "echo", "works");
        return works == "works"
            ? new Finding(FindingState.Good, "bubblewrap", version)
            : new Finding(FindingState.Note, "bubblewrap", $"{version}, but it may not make namespaces here, so {Use} cannot be used: allow unprivileged user namespaces");
    }

    private string Pinned(string package)
    {
        using var file = JsonDocument.Parse(File.ReadAllText(repository.PackageFile));
        return file.RootElement.GetProperty("dependencies").GetProperty(package).GetString() ?? "";
    }

    private async Task<Finding> RunningAsync(CancellationToken cancellationToken)
    {
        if (DataFolder.ReadEndpoints(dataPath) is not { } endpoints)
        {
            return new Finding(FindingState.Note, "broker", $"none is running on {Path.GetFullPath(dataPath)}; start one with ./broker up");
        }

        if (ProcessIdentity.Of(endpoints.Front.Pid) is null)
        {
            return new Finding(FindingState.Note, "broker", "the last one was killed; the next ./broker up cleans up after it");
        }

        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            using var response = await http.GetAsync(new Uri(endpoints.Front.Url, "api/health"), cancellationToken);
            return response.IsSuccessStatusCode
                ? new Finding(FindingState.Good, "broker", $"running at {endpoints.Front.Url} with {endpoints.Hosts.Count} session hosts")
                : new Finding(FindingState.Missing, "broker", $"{endpoints.Front.Url} says that it is not well (status {(int)response.StatusCode})");
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return new Finding(FindingState.Missing, "broker", $"{endpoints.Front.Url} does not answer");
        }
    }
}
