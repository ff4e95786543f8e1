using FunctionsBroker.Infra.Tests.Bicep;

namespace FunctionsBroker.Infra.Tests.Checks;

/// <summary>Looks at resources: types, versions, and that names and loops are known when a deployment begins.</summary>
internal static class ResourceChecks
{
    public static IEnumerable<string> Find(BicepTree tree) => tree.Modules.SelectMany(module =>
        TypesOf(module).Where(type => ResourceTypes.Versions.GetValueOrDefault(type.Type) != type.Version).Select(type => $"'{type.Type}@{type.Version}' is not in ResourceTypes")
            .Concat(LateValues(module))
            .Concat(Parents(module))
            .Select(fault => $"{module.Path}: {fault}"));

    /// <summary>The full types of a module's resources, those inside of others too.</summary>
    public static IEnumerable<(string Type, string Version)> TypesOf(BicepModule module) =>
        module.Of(Declaration.Resource).SelectMany(resource => TypesOf(resource.Node, null));

    private static IEnumerable<(string Type, string Version)> TypesOf(SyntaxNode node, (string Type, string Version)? outer)
    {
        if (node.Kind != Declaration.Resource)
        {
            return node.Children.SelectMany(child => TypesOf(child, outer));
        }

        var parts = new Declaration(node, []).Target.Split('@');
        (string Type, string Version) own = parts is [var type, var version]
            ? (type, version)
            : ($"{outer?.Type}/{parts[0]}", outer?.Version ?? string.Empty);
        return node.Children.Skip(2).SelectMany(child => TypesOf(child, own)).Prepend(own);
    }

    // Names, loops and conditions must not depend on what other resources turn out to be.
    private static IEnumerable<string> LateValues(BicepModule module) =>
        from declaration in module.Resources.Concat(module.Of(Declaration.Module))
        from value in declaration.Controls.Append(declaration.Body.Member("name")).OfType<SyntaxNode>()
        where IsLate(module, value)
        select $"line {value.Line}: '{value.Text.Split('\n')[0]}' is not known when the deployment begins";

    private static bool IsLate(BicepModule module, SyntaxNode value) =>
        References.ChainsIn(value).Any(chain => chain is [var name, "properties" or "outputs", ..] && IsDeployed(module, name))
        || References.NamesIn(value).Any(name => module.Find(Declaration.Variable, name.Text) is { Value: { } inner } && IsLate(module, inner));

    private static bool IsDeployed(BicepModule module, string name) =>
        module.Resources.Any(resource => resource.Name == name) || module.Find(Declaration.Module, name) is not null;

    private static IEnumerable<string> Parents(BicepModule module) =>
        from resource in module.Of(Declaration.Resource)
        let parts = resource.Target.Split('@')[0].Split('/').Length
        where parts > 2 && resource.Body.Member("parent") is null
        select $"{resource.Name}: a resource of type {resource.Target} needs its parent";
}
