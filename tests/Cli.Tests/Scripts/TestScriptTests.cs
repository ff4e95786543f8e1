namespace FunctionsBroker.Cli.Tests.Scripts;

public sealed class TestScriptTests : IDisposable
{
    private const int TimeoutMs = 60_000;

    private readonly ScriptFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = TimeoutMs)]
    public async Task Test_AllPass_CountsOverAllProjects()
    {
        Project("A", passed: 2, failed: 0, skipped: 0);
        Project("B", passed: 3, failed: 0, skipped: 0);

        var (code, output, _) = await _folder.RunAsync("test.sh");

        Assert.Equal((0, "5 passed, 0 failed"), (code, LastLine(output)));
    }

    [Theory(Timeout = TimeoutMs)]
    [InlineData(2, 1, 0, "4 passed, 1 failed")]
    [InlineData(2, 0, 1, "4 passed, 0 failed, 1 skipped")]
    [InlineData(0, 0, 0, "2 passed, 1 failed")]
    public async Task Test_FailedSkippedOrNone_IsAFailure(int passed, int failed, int skipped, string line)
    {
        Project("A", passed: 2, failed: 0, skipped: 0);
        Project("B", passed, failed, skipped);

        var (code, output, _) = await _folder.RunAsync("test.sh");

        Assert.Equal((1, line), (code, LastLine(output)));
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Test_ProjectThatCrashes_IsAFailureAndShowsItsOutput()
    {
        Project("A", passed: 2, failed: 0, skipped: 0);
        Program("B", "echo 'out of cheese'; exit 134");

        var (code, output, _) = await _folder.RunAsync("test.sh");

        Assert.Equal((1, "2 passed, 1 failed"), (code, LastLine(output)));
        Assert.Contains("out of cheese", output, StringComparison.Ordinal);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Test_OneProjectNamed_RunsOnlyThat()
    {
        Project("A", passed: 2, failed: 0, skipped: 0);
        Project("B", passed: 0, failed: 1, skipped: 0);

        var (code, output, _) = await _folder.RunAsync("test.sh", "A");
        var (unknown, _, errors) = await _folder.RunAsync("test.sh", "C");

        Assert.Equal((0, "2 passed, 0 failed"), (code, LastLine(output)));
        Assert.Equal(2, unknown);
        Assert.Contains("tests/C", errors, StringComparison.Ordinal);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Test_FormatNotClean_FailsWithTheCountsOfTheTests()
    {
        Project("A", passed: 2, failed: 0, skipped: 0);
        await _folder.RunAsync("setup.sh", "--tests");
        _folder.Tool("dotnet", "[ \"$1\" != format ]");

        var (code, output, errors) = await _folder.RunAsync("test.sh");

        Assert.Equal((5, "2 passed, 0 failed"), (code, LastLine(output)));
        Assert.Contains("dotnet format", errors, StringComparison.Ordinal);
    }

    private static string LastLine(string output) => output.TrimEnd().Split('\n')[^1];

    private void Project(string name, int passed, int failed, int skipped)
    {
        var counters = $"<Counters total=\"{passed + failed + skipped}\" executed=\"{passed + failed}\" passed=\"{passed}\" failed=\"{failed}\" error=\"0\" notExecuted=\"{skipped}\" />";
        Program(name, $"while [ \"$1\" != -trx ]; do shift; done; echo '{counters}' >\"$2\"; exit {Math.Min(failed, 1)}");
    }

    private void Program(string name, string script)
    {
        _folder.Write($"tests/{name}/FunctionsBroker.{name}.csproj", "<IsTestProject>true</IsTestProject>");
        _folder.WriteScript($"artifacts/bin/FunctionsBroker.{name}/release/FunctionsBroker.{name}", $"#!/bin/sh\n{script}\n");
    }
}
