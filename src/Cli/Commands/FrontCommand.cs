using System.CommandLine;
using FunctionsBroker.Cli.Conversation;
using FunctionsBroker.Cli.Output;

namespace FunctionsBroker.Cli.Commands;

/// <summary>What the commands that ask the front something have in common.</summary>
internal static class FrontCommand
{
    /// <summary>Makes a command talk to a front until it is done, or Ctrl-C is pressed.</summary>
    public static Command Asking(this Command command, Func<ParseResult, FrontClient, CancellationToken, Task<int>> ask)
    {
        var front = new FrontOptionSet();
        front.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            using var signals = new Signals();
            using var client = front.Open(parsed);
            try
            {
                return await ask(parsed, client, signals.Stop);
            }
            catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
            {
                return ExitCodes.Failure;
            }
            catch (HttpRequestException exception)
            {
                throw new CommandException(ExitCodes.Failure, $"the front does not answer: {exception.Message}");
            }
        });
        return command;
    }

    public static Option<bool> JsonOption() => new("--json") { Description = "Print what the API answers, an object a line." };
}
