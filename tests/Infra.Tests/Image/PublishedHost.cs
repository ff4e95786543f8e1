using System.Diagnostics;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Infra.Tests.Image;

/// <summary>The stage <c>publish</c>, carried out: the same files copied, the same command run.</summary>
public sealed class PublishedHost : IAsyncLifetime
{
    private readonly TempDirectory _folder = new();

    /// <summary>What the image has in <c>/app</c>.</summary>
    public string App => _folder.Combine("publish");

    public async ValueTask InitializeAsync()
    {
        var stage = Dockerfile.Read().Stages.Single(stage => stage.Name == "publish");
        foreach (var (sources, target) in stage.Copies)
        {
            sources.ToList().ForEach(source => Copy(source, target));
        }

        var command = Assert.Single(stage.Of("RUN")).Replace("/publish", App, StringComparison.Ordinal);
        await RunAsync(command, TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Copy(string source, string target)
    {
        var ignore = new DockerIgnore();
        var path = RepositoryRoot.Combine(source);
        var isFolder = Directory.Exists(path);
        foreach (var file in isFolder ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories) : [path])
        {
            if (!ignore.Hides(Path.GetRelativePath(RepositoryRoot.Path, file).Replace('\\', '/')))
            {
                var copy = _folder.Combine("source", target, isFolder ? Path.GetRelativePath(path, file) : Path.GetFileName(file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }
        }
    }

    private async Task RunAsync(string command, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("/bin/sh")
        {
            WorkingDirectory = _folder.Combine("source"),
            RedirectStandardOutput = true,
            Environment = { ["MSBUILDDISABLENODEREUSE"] = "1", ["UseSharedCompilation"] = "false", ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1" },
        };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(command);
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        Assert.True(process.ExitCode == 0, output);
    }
}
