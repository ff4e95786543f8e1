namespace FunctionsBroker.Infra.Tests.Bicep;

/// <summary>Modules that belong together, by their paths.</summary>
internal sealed class BicepTree(IReadOnlyList<BicepModule> modules)
{
    /// <summary>What people or azd deploy; every other module is part of one of them.</summary>
    public static readonly IReadOnlyList<string> Roots = ["main.bicep", "session-host.bicep"];

    public IReadOnlyList<BicepModule> Modules { get; } = modules;

    public BicepModule this[string path] => Modules.Single(module => module.Path == path);

    /// <summary>The module that a declaration names, or null where there is none.</summary>
    public BicepModule? TargetOf(BicepModule from, Declaration declaration)
    {
        var folder = Path.GetDirectoryName(from.Path) ?? string.Empty;
        var path = Path.GetRelativePath("/", Path.GetFullPath(Path.Combine("/", folder, declaration.Target)));
        return Modules.FirstOrDefault(module => module.Path == path.Replace('\\', '/'));
    }
}
