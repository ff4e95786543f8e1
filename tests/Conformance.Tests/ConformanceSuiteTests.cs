using System.Reflection;

namespace FunctionsBroker.Conformance.Tests;

/// <summary>The suite itself: its size, and that each case says where its promise comes from.</summary>
public sealed class ConformanceSuiteTests
{
    private const int FewestCases = 120;

    private static readonly string[] s_hosts = ["learn.microsoft.com", "github.com"];

    private static readonly MethodInfo[] s_tests =
    [
        .. typeof(ConformanceSuiteTests).Assembly.GetTypes()
            .Where(type => typeof(ConformanceTest).IsAssignableFrom(type))
            .SelectMany(type => type.GetMethods())
            .Where(method => method.GetCustomAttributes<FactAttribute>().Any()),
    ];

    [Fact]
    public void Suite_HasEnoughCases()
    {
        Assert.True(s_tests.Length >= FewestCases, $"{s_tests.Length} cases, fewer than {FewestCases}.");
    }

    [Fact]
    public void EveryCase_NamesAPublicSourceAndItsPromise()
    {
        Assert.All(s_tests, test =>
        {
            var conformance = test.GetCustomAttribute<ConformanceAttribute>();
            Assert.NotNull(conformance);
            Assert.Null(conformance.Skip);
            Assert.True(Uri.TryCreate(conformance.Source, UriKind.Absolute, out var source), conformance.Source);
            Assert.Equal("https", source.Scheme);
            Assert.Contains(source.Host, s_hosts);
            Assert.True(source.AbsolutePath.Length > 1, conformance.Source);
            Assert.EndsWith(".", conformance.Promise, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void EveryPromise_IsSaidOnce()
    {
        var repeated = s_tests
            .Select(test => test.GetCustomAttribute<ConformanceAttribute>()?.Promise)
            .GroupBy(promise => promise)
            .Where(group => group.Count() > 1)
            .Select(group => group.Key);

        Assert.Empty(repeated);
    }
}
