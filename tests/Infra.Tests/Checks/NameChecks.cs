using FunctionsBroker.Infra.Tests.Bicep;

namespace FunctionsBroker.Infra.Tests.Checks;

/// <summary>Looks at names inside of one module.</summary>
internal static class NameChecks
{
    private static readonly HashSet<string> s_functions =
    [
        "base64", "base64ToString", "cidrSubnet", "concat", "empty", "environment", "guid", "int", "items", "join", "json", "loadJsonContent", "map",
        "newGuid", "padLeft", "range", "split", "string", "subscription", "subscriptionResourceId", "toLower", "union", "uniqueString",
    ];

    public static IEnumerable<string> Find(BicepTree tree) => tree.Modules.SelectMany(module =>
        module.File.Errors.Concat(Unknown(module)).Concat(Unused(module)).Concat(UnknownChildren(module)).Select(fault => $"{module.Path}: {fault}"));

    private static IEnumerable<string> Unknown(BicepModule module)
    {
        var known = module.Declarations.Where(declaration => declaration.Kind != Declaration.Output).Select(declaration => declaration.Name)
            .Concat(module.Resources.Select(resource => resource.Name))
            .ToHashSet(StringComparer.Ordinal);
        foreach (var declaration in module.Declarations)
        {
            foreach (var name in References.NamesIn(WithoutName(declaration.Node)).Where(name => !known.Contains(name.Text)))
            {
                yield return $"line {name.Line}: '{name.Text}' is not declared";
            }

            foreach (var call in References.CallsIn(declaration.Node).Where(call => !s_functions.Contains(call.Text)))
            {
                yield return $"line {call.Line}: the function '{call.Text}' is not one that these modules use";
            }
        }
    }

    private static IEnumerable<string> Unused(BicepModule module)
    {
        var used = module.Declarations.SelectMany(declaration => References.NamesIn(WithoutName(declaration.Node))).Select(name => name.Text).ToHashSet(StringComparer.Ordinal);
        return module.Declarations
            .Where(declaration => declaration.Kind is Declaration.Parameter or Declaration.Variable && !used.Contains(declaration.Name))
            .Select(declaration => $"line {declaration.Node.Line}: '{declaration.Name}' is not used");
    }

    // outer::inner
    private static IEnumerable<string> UnknownChildren(BicepModule module) =>
        from expression in module.File.Root.DescendantsAndSelf().Where(node => node.Kind == "resource_expression")
        let outer = module.Resources.FirstOrDefault(resource => resource.Name == expression.Children[0].Text)
        let inner = expression.FieldOf("resource")?.Text
        where outer is not null
            && !outer.Body.DescendantsAndSelf().Any(node => node.Kind == Declaration.Resource && node.Children[0].Text == inner)
        select $"line {expression.Line}: '{outer.Name}' has no resource '{inner}'";

    private static SyntaxNode WithoutName(SyntaxNode declaration) =>
        declaration with { Kind = "declaration", Children = [.. declaration.Children.Skip(1)] };
}
