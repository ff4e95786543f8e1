using System.CommandLine;
using System.CommandLine.Parsing;
using FunctionsBroker.Cli.Stack;

namespace FunctionsBroker.Cli.Commands;

/// <summary>The options that <c>up</c> and <c>demo</c> have in common.</summary>
internal sealed class StackOptionSet
{
    private const int MostHosts = 16;

    public Option<int> Port { get; } = new("--port") { HelpName = "N" };

    public Option<int> Hosts { get; } = new("--hosts")
    {
        Description = $"How many session hosts to start, 1 to {MostHosts}.",
        HelpName = "N",
        DefaultValueFactory = _ => 2,
    };

    public Option<FunctionsHostKind> FunctionsHost { get; } = new("--functions-host")
    {
        Description = "What runs the front: the host of this repository, or Azure Functions Core Tools.",
        HelpName = "local|func",
        DefaultValueFactory = _ => FunctionsHostKind.Local,
    };

    public StackOptionSet(string portDescription)
    {
        Port.Description = portDescription;
        Port.Validators.Add(result => InRange(result, Port.Name, 0, ushort.MaxValue));
        Hosts.Validators.Add(result => InRange(result, Hosts.Name, 1, MostHosts));
    }

    private static void InRange(OptionResult result, string name, int least, int most)
    {
        if (result.Tokens is [var token] && int.TryParse(token.Value, out var value) && (value < least || value > most))
        {
            result.AddError($"{name} must be from {least} to {most}, not {value}.");
        }
    }
}
