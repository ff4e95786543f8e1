using System.CommandLine;

namespace FunctionsBroker.Cli.Commands;

/// <summary>The option <c>--data</c>.</summary>
internal static class DataOption
{
    /// <summary>The default folder is below the current one, as in <c>./broker up</c> from a clone.</summary>
    public const string DefaultPath = ".broker";

    public static Option<string> Create() => new("--data")
    {
        Description = "The folder that keeps everything between runs.",
        HelpName = "DIR",
        DefaultValueFactory = _ => DefaultPath,
    };
}
