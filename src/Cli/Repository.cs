namespace FunctionsBroker.Cli;

/// <summary>The source tree that the broker runs from: its built programs and its installed tools.</summary>
internal sealed class Repository
{
    private const string Marker = "FunctionsBroker.sln";

    private Repository(string root) => Root = root;

    public string Root { get; }

    public string Azurite => Path.Combine(Root, "node_modules", "azurite", "dist", "src", "azurite.js");

    public string Claude => Path.Combine(Root, "node_modules", ".bin", "claude");

    public string PackageFile => Path.Combine(Root, "package.json");

    /// <summary>The tree named by <c>BROKER_ROOT</c>, which the script sets, or the one that this program was built in.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public static Repository Find()
    {
        var root = Environment.GetEnvironmentVariable("BROKER_ROOT");
        for (var folder = root ?? AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, Marker)))
            {
                return new Repository(folder);
            }
        }

        throw new CommandException(ExitCodes.WrongState, $"there is no {Marker} in or above {root ?? AppContext.BaseDirectory}; set BROKER_ROOT to the source tree");
    }

    /// <summary>A built program, e.g. <c>SessionHost</c>.</summary>
    /// <exception cref="CommandException">It is not built.</exception>
    public string Program(string project)
    {
        var name = $"FunctionsBroker.{project}";
        var path = Path.Combine(Root, "artifacts", "bin", name, "release", $"{name}.dll");
        return File.Exists(path) ? path : throw new CommandException(ExitCodes.WrongState, $"{path} is not built; run ./broker setup");
    }
}
