using System.CommandLine;
using System.Text;
using FunctionsBroker.Cli.Conversation;
using FunctionsBroker.Cli.Output;
using FunctionsBroker.Contracts.Events;

namespace FunctionsBroker.Cli.Commands;

/// <summary><c>broker tail SESSION TURN</c>: prints what happens in a turn, from its beginning to its end.</summary>
internal static class TailCommand
{
    public static Command Create()
    {
        var session = new Argument<string>("SESSION") { Description = "The turn's session." };
        var turn = new Argument<string>("TURN") { Description = "The turn's id, which is the Idempotency-Key that it was sent with." };
        var json = new Option<bool>("--json") { Description = "Print every event as one line of JSON: {\"event\", \"data\"}." };
        var front = new FrontOptionSet();
        var command = new Command("tail", "Listen to a turn: prints what happens in it until it ends.") { session, turn, json };
        front.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            using var client = front.Open(parsed);
            return await ListenAsync(client, parsed.GetRequiredValue(session), parsed.GetRequiredValue(turn), parsed.GetValue(json));
        });
        return command;
    }

    private static async Task<int> ListenAsync(FrontClient client, string session, string turn, bool json)
    {
        using var signals = new Signals();
        var printer = new TurnPrinter(Console.Out, Console.Error, isLive: true);
        try
        {
            await foreach (var turnEvent in client.ListenAsync(session, turn, signals.Stop))
            {
                await (json ? Console.Out.WriteLineAsync(ToLine(turnEvent)) : printer.PrintAsync(turnEvent));
                if (turnEvent is TurnEvent.Failed)
                {
                    return ExitCodes.Failure;
                }
            }
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            // Ctrl-C ends the listening, not the turn.
        }
        catch (HttpRequestException exception)
        {
            throw new CommandException(ExitCodes.Failure, $"the front does not answer: {exception.Message}");
        }

        return ExitCodes.Success;
    }

    private static string ToLine(TurnEvent turnEvent) =>
        $$"""{"event":"{{TurnEventJson.NameOf(turnEvent)}}","data":{{Encoding.UTF8.GetString(TurnEventJson.Write(turnEvent))}}}""";
}
