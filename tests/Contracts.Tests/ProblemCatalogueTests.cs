using System.Reflection;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Contracts.Tests;

public sealed class ProblemCatalogueTests
{
    public static TheoryData<string> Makers =>
        [.. typeof(ProblemCatalogue).GetMethods(BindingFlags.Public | BindingFlags.Static).Select(method => method.Name)];

    private static string[] Codes =>
        [.. typeof(ProblemCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(constant => (string)constant.GetRawConstantValue()!)];

    [Fact]
    public void Catalogue_HasOneProblemForEveryCode()
    {
        Assert.Equal(Codes.Order(), Makers.Select(row => Make(row.Data).Code).Order());
    }

    [Theory]
    [MemberData(nameof(Makers))]
    public void Problem_OfEveryKind_IsFitToBeShown(string maker)
    {
        var problem = Make(maker);

        Assert.Matches("^[a-z]+(_[a-z]+)*$", problem.Code);
        Assert.Equal("urn:functions-broker:problem:" + problem.Code, problem.Type);
        Assert.InRange(problem.Status, 400, 599);
        Assert.NotEmpty(problem.Title);
        Assert.False(problem.Title.EndsWith('.'));
        Assert.False(string.IsNullOrWhiteSpace(problem.Detail));
    }

    [Fact]
    public void ProtocolDocument_ListsEveryCode()
    {
        var document = File.ReadAllText(RepositoryRoot.Combine("docs", "protocol.md"));

        Assert.All(Codes, code => Assert.Contains($"`{code}`", document, StringComparison.Ordinal));
    }

    private static Problem Make(string maker)
    {
        var method = typeof(ProblemCatalogue).GetMethod(maker)!;
        var arguments = method.GetParameters().Select(parameter => Sample(parameter.ParameterType)).ToArray();
        return (Problem)method.Invoke(null, arguments)!;
    }

    private static object? Sample(Type type) =>
        type == typeof(string) ? "sample"
        : type == typeof(IEnumerable<string>) ? new[] { "sample" }
        : type == typeof(TimeSpan) ? TimeSpan.FromSeconds(1)
        : type == typeof(int) ? 1
        : type == typeof(long) ? 1L
        : null;
}
