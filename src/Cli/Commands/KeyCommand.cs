using System.CommandLine;
using FunctionsBroker.Cli.Data;

namespace FunctionsBroker.Cli.Commands;

/// <summary><c>broker key</c>: prints the function key of the running front, for <c>$(./broker key)</c>.</summary>
internal static class KeyCommand
{
    public static Command Create()
    {
        var data = DataOption.Create();
        var command = new Command("key", "Print the function key of the running broker, for the header x-functions-key.") { data };
        command.SetAction((parsed, _) =>
        {
            Console.WriteLine(RunningBroker.Require(parsed.GetRequiredValue(data)).Front.Key);
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }
}
