using FunctionsBroker.TestKit;

namespace FunctionsBroker.Cli.Tests.Commands;

public sealed class CommandLineTests
{
    private const int TimeoutMs = 60_000;

    [Theory(Timeout = TimeoutMs)]
    [InlineData("--hosts must be from 1 to 16", "up", "--hosts", "0")]
    [InlineData("--hosts must be from 1 to 16", "demo", "--hosts", "17")]
    [InlineData("--port must be from 0 to 65535", "up", "--port", "70000")]
    [InlineData("many", "up", "--hosts", "many")]
    [InlineData("other", "up", "--functions-host", "other")]
    [InlineData("SESSION", "chat")]
    [InlineData("SESSION", "tail")]
    [InlineData("--url and --key go together", "chat", "s", "--url", "http://127.0.0.1:1")]
    [InlineData("'nowhere' is not an absolute URL", "chat", "s", "--url", "nowhere", "--key", "k")]
    [InlineData("dance", "dance")]
    public async Task Program_WrongCommandLine_SaysWhatIsWrongAndEndsWithTwo(string message, params string[] arguments)
    {
        var (code, _, errors) = await BrokerProgram.RunAsync(arguments);

        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains(message, errors, StringComparison.Ordinal);
    }

    [Theory(Timeout = TimeoutMs)]
    [InlineData("key")]
    [InlineData("chat", "s")]
    [InlineData("tail", "s", "t")]
    public async Task Program_NoBrokerRuns_SaysHowToStartOne(params string[] arguments)
    {
        using var temp = new TempDirectory();

        var (code, output, errors) = await BrokerProgram.RunAsync([.. arguments, "--data", temp.Path]);

        Assert.Equal(ExitCodes.WrongState, code);
        Assert.Equal("", output);
        Assert.Contains("./broker up", errors, StringComparison.Ordinal);
    }

    [Theory(Timeout = TimeoutMs)]
    [InlineData("up")]
    [InlineData("demo")]
    public async Task Program_DataIsAFile_SaysSoInOneLine(string command)
    {
        using var temp = new TempDirectory();
        await File.WriteAllTextAsync(temp.Combine("file"), "", TestContext.Current.CancellationToken);

        var (code, _, errors) = await BrokerProgram.RunAsync(command, "--port", "0", "--data", temp.Combine("file"));

        Assert.Equal(ExitCodes.WrongState, code);
        Assert.StartsWith($"broker: {temp.Combine("file")} cannot be used as a data folder: ", Assert.Single(errors.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Theory(Timeout = TimeoutMs)]
    [InlineData("up")]
    [InlineData("demo")]
    public async Task Program_CoreToolsAreAskedForAndNotThere_SaysHowToGetThem(string command)
    {
        using var temp = new TempDirectory();
        foreach (var tool in (string[])["setsid", "bash", "sh", "node", "sleep"])
        {
            File.CreateSymbolicLink(temp.Combine(tool), Find(tool));
        }

        var (code, _, errors) = await BrokerProgram.ExecuteAsync(
            Find("dotnet"),
            [Path.Combine(AppContext.BaseDirectory, "broker.dll"), command, "--port", "0", "--functions-host", "func", "--data", temp.Combine("data")],
            [new("PATH", temp.Path)]);

        Assert.Equal(ExitCodes.WrongState, code);
        Assert.Contains("https://aka.ms/azfunc-install", errors, StringComparison.Ordinal);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Help_NamesEveryCommand()
    {
        var (code, output, _) = await BrokerProgram.RunAsync("--help");

        Assert.Equal(0, code);
        Assert.All(
            (string[])["setup", "up", "demo", "chat", "tail", "key", "doctor", "test"],
            command => Assert.Contains($"\n  {command}", output, StringComparison.Ordinal));
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Doctor_OnAMachineThatRunsThisTest_FindsTheTools()
    {
        using var temp = new TempDirectory();

        var (code, output, _) = await BrokerProgram.RunAsync("doctor", "--channels", "--data", temp.Path);

        Assert.Equal(0, code);
        Assert.Equal(
            ["dotnet", "node", "npm", "git", "setsid", "bash", "azurite", "claude", "bubblewrap", "channels", "profiles", "profiles", "credentials", "broker"],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]));

        Assert.Matches("note +profiles +coder: the CLI's tools; what no rule allows is asked; neither a sandbox", output);
        Assert.Matches("ok +profiles +default: no tools", output);

        // Which of the two is the account's matter; that the CLI was asked is ours.
        Assert.Matches("channels +(un)?available: ", output);
    }

    private static string Find(string tool) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, tool)).First(File.Exists);
}
