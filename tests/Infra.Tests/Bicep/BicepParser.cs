using System.Diagnostics;
using System.Text.Json;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Infra.Tests.Bicep;

/// <summary>Parses bicep with the tree-sitter grammar. Node runs it, from the packages that <c>tests/package-lock.json</c> pins.</summary>
internal static class BicepParser
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { MaxDepth = 256 };

    /// <param name="folder">Where the files are; their paths come back as they were given.</param>
    public static async Task<IReadOnlyList<BicepModule>> ParseAsync(
        string folder, IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("node")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(RepositoryRoot.Combine("tests", "Infra.Tests", "Bicep", "parse.cjs"));
        files.ToList().ForEach(start.ArgumentList.Add);

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        Assert.True(process.ExitCode == 0, $"parse.cjs ended with {process.ExitCode}; './broker setup' installs what it needs.\n{await errors}");
        return [.. JsonSerializer.Deserialize<ParsedFile[]>(output, s_json)!.Select(file => new BicepModule(file))];
    }
}
