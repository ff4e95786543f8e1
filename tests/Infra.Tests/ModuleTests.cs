using FunctionsBroker.Infra.Tests.Bicep;
using FunctionsBroker.Infra.Tests.Checks;

namespace FunctionsBroker.Infra.Tests;

/// <summary>The bicep modules, as far as that can be seen without Azure and without its compiler.</summary>
public sealed class ModuleTests(InfraFixture infra)
{
    [Fact]
    public void Names_AreDeclaredAndUsed() => Assert.Empty(NameChecks.Find(infra.Tree));

    [Fact]
    public void Modules_FitTogether() => Assert.Empty(ModuleChecks.Find(infra.Tree));

    [Fact]
    public void Resources_HaveKnownTypesVersionsAndNames() => Assert.Empty(ResourceChecks.Find(infra.Tree));

    [Fact]
    public void Secrets_HaveNoWayOut() => Assert.Empty(SecretChecks.Find(infra.Tree));

    [Fact]
    public void ResourceTypes_AreAllInUse()
    {
        var used = infra.Tree.Modules.SelectMany(ResourceChecks.TypesOf).Select(type => type.Type).ToHashSet(StringComparer.Ordinal);

        Assert.Equal(ResourceTypes.Versions.Keys.Order(), used.Order());
    }

    [Fact]
    public void Modules_AreAllReached()
    {
        var reached = infra.Tree.Modules
            .SelectMany(module => module.Of(Declaration.Module).Select(use => infra.Tree.TargetOf(module, use)?.Path))
            .Concat(BicepTree.Roots);

        Assert.Empty(infra.Tree.Modules.Select(module => module.Path).Except(reached!));
    }

    [Fact]
    public void Abbreviations_AreThereAndUsed()
    {
        var used = infra.Tree.Modules
            .SelectMany(module => References.ChainsIn(module.File.Root))
            .Where(chain => chain is ["abbreviations", _])
            .Select(chain => chain[1])
            .Distinct();

        Assert.Equal(InfraFixture.ReadJson("abbreviations.json").EnumerateObject().Select(member => member.Name).Order(), used.Order());
    }
}
