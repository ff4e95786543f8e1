using FunctionsBroker.Infra.Tests.Bicep;

namespace FunctionsBroker.Infra.Tests.Checks;

/// <summary>Looks at how modules use each other: paths, parameters, outputs, scopes, secrets.</summary>
internal static class ModuleChecks
{
    public static IEnumerable<string> Find(BicepTree tree) =>
        tree.Modules
            .SelectMany(module => module.Of(Declaration.Module).SelectMany(use => Faults(tree, module, use)).Concat(UnknownOutputs(tree, module)).Select(fault => $"{module.Path}: {fault}"))
            .Concat(UnusedOutputs(tree));

    private static IEnumerable<string> Faults(BicepTree tree, BicepModule module, Declaration use)
    {
        if (tree.TargetOf(module, use) is not { } target)
        {
            return [$"{use.Name}: there is no module {use.Target}"];
        }

        var given = use.Body.Member("params")?.Members().ToDictionary(member => member.Name, member => member.Value) ?? [];
        var parameters = target.Of(Declaration.Parameter).ToDictionary(parameter => parameter.Name);
        return given.Keys.Except(parameters.Keys).Select(name => $"{use.Name}: {use.Target} has no parameter '{name}'")
            .Concat(parameters.Values.Where(parameter => parameter.IsRequired && !given.ContainsKey(parameter.Name)).Select(parameter => $"{use.Name}: {use.Target} needs '{parameter.Name}'"))
            .Concat(given.Where(one => parameters.GetValueOrDefault(one.Key) is { IsSecure: false } && IsSecret(module, one.Value)).Select(one => $"{use.Name}: '{one.Key}' takes a secret and is not secure"))
            .Concat(module.IsAtSubscriptionScope && use.Body.Member("scope") is null ? [$"{use.Name}: a module of a subscription needs a scope"] : []);
    }

    private static bool IsSecret(BicepModule module, SyntaxNode value) =>
        References.NamesIn(value).Any(name => module.Find(Declaration.Parameter, name.Text) is { IsSecure: true });

    private static IEnumerable<string> UnknownOutputs(BicepTree tree, BicepModule module) =>
        from chain in OutputChains(module)
        let target = tree.TargetOf(module, module.Find(Declaration.Module, chain[0])!)
        where target?.Find(Declaration.Output, chain[2]) is null
        select $"{chain[0]} has no output '{chain[2]}'";

    private static IEnumerable<string> UnusedOutputs(BicepTree tree)
    {
        var used = tree.Modules
            .SelectMany(module => OutputChains(module).Select(chain => (tree.TargetOf(module, module.Find(Declaration.Module, chain[0])!)?.Path, chain[2])))
            .ToHashSet();
        return tree.Modules
            .Where(module => !BicepTree.Roots.Contains(module.Path))
            .SelectMany(module => module.Of(Declaration.Output).Where(output => !used.Contains((module.Path, output.Name))).Select(output => $"{module.Path}: nobody uses the output '{output.Name}'"));
    }

    private static IEnumerable<IReadOnlyList<string>> OutputChains(BicepModule module) =>
        References.ChainsIn(module.File.Root).Where(chain => chain is [var name, "outputs", _, ..] && module.Find(Declaration.Module, name) is not null);
}
