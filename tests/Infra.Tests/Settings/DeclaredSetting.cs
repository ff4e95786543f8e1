using FunctionsBroker.Infra.Tests.Bicep;

namespace FunctionsBroker.Infra.Tests.Settings;

/// <summary>A setting that a module makes: its name, and its value or the name of a secret.</summary>
internal sealed record DeclaredSetting(string Name, SyntaxNode? Value, string? Secret)
{
    /// <summary>The settings of the front.</summary>
    public static IReadOnlyList<DeclaredSetting> OfFront(BicepTree tree) =>
        Read(tree["app/front.bicep"], name => name.EndsWith("Settings", StringComparison.Ordinal));

    /// <summary>The settings of a host.</summary>
    public static IReadOnlyList<DeclaredSetting> OfHost(BicepTree tree) =>
        Read(tree["app/host.bicep"], name => name is "settings" or "identitySettings" or "callerSettings");

    private static List<DeclaredSetting> Read(BicepModule module, Func<string, bool> isList) =>
        [.. module.Of(Declaration.Variable)
            .Where(variable => isList(variable.Name))
            .SelectMany(variable => variable.Node.DescendantsAndSelf())
            .Where(node => node.Kind == "object" && node.Member("name") is not null)
            .Select(node => new DeclaredSetting(NameOf(module, node.Member("name")!), node.Member("value"), node.Member("secretRef")?.Literal))];

    // A parameter counts as its default in main.bicep; in a loop the first round stands for all.
    private static string NameOf(BicepModule module, SyntaxNode name) =>
        name.Kind == "identifier" && module.Find(Declaration.Parameter, name.Text) is not null
            ? $"({name.Text})"
            : name.Text.Trim('\'').Replace("${index}", "0", StringComparison.Ordinal);
}
