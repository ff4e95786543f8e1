using System.CommandLine;
using FunctionsBroker.Cli.Data;

namespace FunctionsBroker.Cli.Commands;

/// <summary><c>broker key</c>: prints a key of the running front, for <c>$(./broker key)</c>.</summary>
internal static class KeyCommand
{
    public static Command Create()
    {
        var data = DataOption.Create();
        var openAi = new Option<bool>("--openai") { Description = "Print the key for /v1 instead, which opens nothing else." };
        var command = new Command("key", "Print the function key of the running broker, for the header x-functions-key.") { openAi, data };
        command.SetAction((parsed, _) =>
        {
            var front = RunningBroker.Require(parsed.GetRequiredValue(data)).Front;
            Console.WriteLine(parsed.GetValue(openAi) ? front.OpenAiKey : front.Key);
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }
}
