using FunctionsBroker.Cli.Data;

namespace FunctionsBroker.Cli.Stack;

/// <summary>Azure Functions Core Tools 4, the command <c>func</c>.</summary>
internal static class CoreTools
{
    /// <summary>The program on the path.</summary>
    /// <exception cref="CommandException">It is not there.</exception>
    public static string Find(string? path) =>
        (path ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, "func"))
            .FirstOrDefault(File.Exists)
        ?? throw new CommandException(
            ExitCodes.WrongState,
            "--functions-host func needs Azure Functions Core Tools 4, and there is no 'func' on the path: "
            + "install it (https://aka.ms/azfunc-install), or leave the option out to use the host of this repository");

    /// <summary>The folder for temporary files that <c>func</c> is given: it looks for its keys below it, and finds those of the data folder.</summary>
    /// <remarks>It takes no path for them: <c>AzureWebJobsSecretsPath</c> is read by the local host only.</remarks>
    public static string TemporaryFolder(DataFolder data)
    {
        var folder = data.Folder("func");
        var keys = Path.Combine(data.Folder("func", "secrets", "functions"), "secrets");
        if (!Directory.Exists(keys))
        {
            Directory.CreateSymbolicLink(keys, BrokerSecrets.Folder(data));
        }

        return folder;
    }
}
