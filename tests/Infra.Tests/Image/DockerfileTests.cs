using System.Text.Json;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Infra.Tests.Image;

/// <summary>What the Dockerfile says, read.</summary>
public sealed class DockerfileTests
{
    private static readonly Dockerfile s_file = Dockerfile.Read();

    [Fact]
    public void Image_RunsAsTheUserThatItsFolderBelongsTo()
    {
        Assert.Equal("10001:10001", Assert.Single(s_file.Image.Of("USER")));
        var run = Assert.Single(s_file.Image.Of("RUN"));
        Assert.Contains("groupadd --gid 10001 broker", run, StringComparison.Ordinal);
        Assert.Contains("useradd --uid 10001 --gid broker", run, StringComparison.Ordinal);
        Assert.EndsWith($"install -d -o broker -g broker -m 0700 {s_file.Environment["Host__WorkPath"]}", run, StringComparison.Ordinal);
    }

    [Fact]
    public void Image_HasAnInitAndAHealthCheck()
    {
        var entry = JsonSerializer.Deserialize<string[]>(Assert.Single(s_file.Image.Of("ENTRYPOINT")))!;

        Assert.Equal(["/usr/bin/tini", "--", "dotnet", "/app/FunctionsBroker.SessionHost.dll"], entry);
        Assert.Contains(" tini", Assert.Single(s_file.Image.Of("RUN")), StringComparison.Ordinal);
        Assert.Contains("/healthz", Assert.Single(s_file.Image.Of("HEALTHCHECK")), StringComparison.Ordinal);
        Assert.Equal("SIGTERM", Assert.Single(s_file.Image.Of("STOPSIGNAL")));
    }

    [Theory]
    [InlineData("bubblewrap")]
    [InlineData("git")]
    [InlineData("socat")]
    public void Image_HasWhatSessionsStart(string package)
    {
        Assert.Contains(package, Assert.Single(s_file.Image.Of("RUN")).Split(' '));
    }

    [Fact]
    public void Cli_IsTheOneOfTheLockFile()
    {
        var cli = s_file.Stages.Single(stage => stage.Name == "cli");
        using var package = JsonDocument.Parse(File.ReadAllText(RepositoryRoot.Combine("package.json")));

        Assert.Contains("npm ci", Assert.Single(cli.Of("RUN")), StringComparison.Ordinal);
        Assert.Contains("package-lock.json", Assert.Single(cli.Copies).Sources);
        Assert.Matches(@"^\d+\.\d+\.\d+$", package.RootElement.GetProperty("dependencies").GetProperty("@anthropic-ai/claude-code").GetString());
        Assert.True(File.Exists(RepositoryRoot.Combine("node_modules", "@anthropic-ai", "claude-code", "install.cjs")));
    }

    [Fact]
    public void Image_TakesNothingButPrograms()
    {
        // No package manager of Node, no sources, no secrets: what is copied into the last stage comes from the other two.
        Assert.Equal(["--from=cli /claude /usr/local/bin/claude", "--from=publish /publish /app"], s_file.Image.Of("COPY"));
        Assert.DoesNotContain(s_file.Stages.SelectMany(stage => stage.Of("ARG").Concat(stage.Of("ENV"))), text =>
            text.Contains("KEY", StringComparison.OrdinalIgnoreCase) || text.Contains("SECRET", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Bases_HaveTheVersionsOfTheTree()
    {
        using var global = JsonDocument.Parse(File.ReadAllText(RepositoryRoot.Combine("global.json")));
        var version = Version.Parse(global.RootElement.GetProperty("sdk").GetProperty("version").GetString()!).ToString(2);

        Assert.Equal(
            [$"mcr.microsoft.com/dotnet/sdk:{version}", "node:22-bookworm-slim", $"mcr.microsoft.com/dotnet/aspnet:{version}"],
            s_file.Stages.Select(stage => stage.From));
    }

    [Theory]
    [InlineData("src/SessionHost/Program.cs", false)]
    [InlineData("global.json", false)]
    [InlineData("package-lock.json", false)]
    [InlineData("src/Functions/host.json", true)]
    [InlineData("src/SessionHost/bin/x.dll", true)]
    [InlineData("tests/TestKit/TempDirectory.cs", true)]
    [InlineData("local.settings.json", true)]
    [InlineData(".azure/env/.env", true)]
    [InlineData(".git/config", true)]
    public void Build_SeesWhatItNeeds(string path, bool hidden) => Assert.Equal(hidden, new DockerIgnore().Hides(path));
}
