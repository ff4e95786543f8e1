using System.Text.Json;
using FunctionsBroker.Infra.Tests;
using FunctionsBroker.Infra.Tests.Bicep;
using FunctionsBroker.TestKit;

[assembly: AssemblyFixture(typeof(InfraFixture))]

namespace FunctionsBroker.Infra.Tests;

/// <summary>The modules of <c>infra/</c>, parsed once.</summary>
public sealed class InfraFixture : IAsyncLifetime
{
    internal BicepTree Tree { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var folder = RepositoryRoot.Combine("infra");
        List<string> files = [.. Directory.EnumerateFiles(folder, "*.bicep", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))
            .Order(StringComparer.Ordinal)];
        Tree = new BicepTree(await BicepParser.ParseAsync(folder, files, TestContext.Current.CancellationToken));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>The root of a JSON file in <c>infra/</c>.</summary>
    internal static JsonElement ReadJson(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(RepositoryRoot.Combine("infra", file)));
        return document.RootElement.Clone();
    }
}
