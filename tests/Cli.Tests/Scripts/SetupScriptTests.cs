using System.Globalization;

namespace FunctionsBroker.Cli.Tests.Scripts;

public sealed class SetupScriptTests : IDisposable
{
    private const int TimeoutMs = 60_000;

    private const string Install = "npm ci";
    private const string Programs = "dotnet build eng/programs.slnf";
    private const string Everything = "dotnet build FunctionsBroker.sln";

    private static readonly DateTime s_later = DateTime.Parse("2100-01-01", CultureInfo.InvariantCulture);

    private readonly ScriptFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = TimeoutMs)]
    public async Task Setup_FreshTree_InstallsAndBuildsOnce()
    {
        var first = await _folder.RunAsync("setup.sh");
        var calls = _folder.Calls;
        var second = await _folder.RunAsync("setup.sh", "--quiet");

        Assert.Equal((0, 0), (first.Code, second.Code));
        Assert.Equal([Programs, Install], calls);
        Assert.Equal(calls, _folder.Calls);
        Assert.Equal(("", ""), (second.Output, second.Errors));
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Setup_SourceIsNewer_BuildsAgainAndInstallsNothing()
    {
        await _folder.RunAsync("setup.sh");
        File.SetLastWriteTimeUtc(_folder.Combine("src", "Code.cs"), s_later);

        await _folder.RunAsync("setup.sh");

        Assert.Equal([Programs, Programs, Install], _folder.Calls);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Setup_ForTheTests_AddsTheirToolsAndBuildsEverythingOnce()
    {
        await _folder.RunAsync("setup.sh");
        var first = await _folder.RunAsync("setup.sh", "--tests");
        var calls = _folder.Calls;
        await _folder.RunAsync("setup.sh", "--tests");
        await _folder.RunAsync("setup.sh");

        Assert.Equal(0, first.Code);
        Assert.Equal([Everything, Programs, Install, Install], calls);
        Assert.Equal(calls, _folder.Calls);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Setup_TestIsNewer_IsBuiltForTheTestsOnly()
    {
        await _folder.RunAsync("setup.sh", "--tests");
        File.SetLastWriteTimeUtc(_folder.Combine("tests", "Code.cs"), s_later);

        await _folder.RunAsync("setup.sh");
        var programs = _folder.Calls;
        await _folder.RunAsync("setup.sh", "--tests");

        Assert.Equal([Everything, Install, Install], programs);
        Assert.Equal([Everything, Everything, Install, Install], _folder.Calls);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Setup_ProgramsAreBuiltAgain_TheTestsAreNotCurrentAnyMore()
    {
        await _folder.RunAsync("setup.sh", "--tests");
        _folder.Write("src/Added.cs", "");

        await _folder.RunAsync("setup.sh");
        await _folder.RunAsync("setup.sh", "--tests");

        Assert.Equal([Everything, Everything, Programs, Install, Install], _folder.Calls);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Setup_StepTakesLong_SaysSoMeanwhile()
    {
        _folder.Write("slow-build", "");

        var (code, _, errors) = await _folder.RunAsync("setup.sh");

        Assert.Equal(0, code);
        Assert.Matches(@"setup: building the programs \.\.\. [1-9]\d* s\n", errors);
        Assert.Contains("setup: building the programs: done in ", errors, StringComparison.Ordinal);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Setup_LockFileNamesAnotherVersion_InstallsAgain()
    {
        await _folder.RunAsync("setup.sh");
        _folder.Write("package-lock.json", """{"packages":{"":{},"node_modules/azurite":{"version":"2"}}}""");
        File.SetLastWriteTimeUtc(_folder.Combine("package-lock.json"), s_later);

        await _folder.RunAsync("setup.sh");

        Assert.Equal(2, _folder.Calls.Count(call => call == Install));
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Setup_LockFileOfTheTestToolsNamesAnotherVersion_InstallsThoseAgain()
    {
        await _folder.RunAsync("setup.sh", "--tests");
        _folder.Write("tests/package-lock.json", """{"packages":{"":{},"node_modules/azurite":{"version":"2"}}}""");
        File.SetLastWriteTimeUtc(_folder.Combine("tests", "package-lock.json"), s_later);

        await _folder.RunAsync("setup.sh", "--tests");

        Assert.Equal(3, _folder.Calls.Count(call => call == Install));
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Setup_ToolsMissingOrTooOld_AreAllNamedWithTheRemedy()
    {
        _folder.Tool("dotnet", "echo 8.0.100");
        _folder.Tool("node", "echo v18.0.0");

        var (code, _, errors) = await _folder.RunAsync("setup.sh");

        Assert.Equal(3, code);
        Assert.Contains("8.0.100, 10 is needed: https://dotnet.microsoft.com/download", errors, StringComparison.Ordinal);
        Assert.Contains("Node.js is 18.0.0, 20 or newer is needed", errors, StringComparison.Ordinal);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Setup_BuildFails_ShowsItsOutputAndTriesAgainTheNextTime()
    {
        _folder.Write("fail-build", "");
        var (code, _, errors) = await _folder.RunAsync("setup.sh");
        File.Delete(_folder.Combine("fail-build"));
        var again = await _folder.RunAsync("setup.sh");

        Assert.Equal((4, 0), (code, again.Code));
        Assert.Contains("error CS1002", errors, StringComparison.Ordinal);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Setup_TwoAtOnce_WorkOnce()
    {
        var both = await Task.WhenAll(_folder.RunAsync("setup.sh"), _folder.RunAsync("setup.sh"));

        Assert.All(both, one => Assert.Equal(0, one.Code));
        Assert.Equal([Programs, Install], _folder.Calls);
    }
}
