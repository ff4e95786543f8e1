using System.CommandLine;
using System.Text;
using FunctionsBroker.Cli.Conversation;
using FunctionsBroker.Contracts.Events;

namespace FunctionsBroker.Cli.Commands;

/// <summary><c>broker tail SESSION [TURN]</c>: prints what happens in a turn, from its beginning to its end.</summary>
internal static class TailCommand
{
    public static Command Create()
    {
        var session = new Argument<string>("SESSION") { Description = "The turn's session." };
        var turn = new Argument<string?>("TURN")
        {
            Description = "The turn's id, which is the Idempotency-Key that it was sent with; the session's newest turn when not given.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var json = new Option<bool>("--json") { Description = "Print every event as one line of JSON: {\"event\", \"data\"}." };
        return new Command("tail", "Listen to a turn: prints what happens in it until it ends.") { session, turn, json }
            .Asking(async (parsed, client, cancellationToken) =>
            {
                var sessionId = parsed.GetRequiredValue(session);
                var turnId = parsed.GetValue(turn) ?? await FindNewestAsync(client, sessionId, cancellationToken);
                return await ListenAsync(client, sessionId, turnId, parsed.GetValue(json), cancellationToken);
            });
    }

    private static async Task<string> FindNewestAsync(FrontClient client, string session, CancellationToken cancellationToken) =>
        await client.ListTurnsAsync(session, limit: 1, cancellationToken) is [var newest, ..]
            ? newest.TurnId
            : throw new CommandException(ExitCodes.Failure, $"the session '{session}' has no turns");

    private static async Task<int> ListenAsync(FrontClient client, string session, string turn, bool json, CancellationToken cancellationToken)
    {
        var printer = new TurnPrinter(Console.Out, Console.Error, isLive: true);
        var code = ExitCodes.Success;
        await foreach (var turnEvent in client.ListenAsync(session, turn, cancellationToken))
        {
            await (json ? Console.Out.WriteLineAsync(ToLine(turnEvent)) : printer.PrintAsync(turnEvent));
            code = turnEvent is TurnEvent.Failed ? ExitCodes.Failure : code;
        }

        return code;
    }

    private static string ToLine(TurnEvent turnEvent) =>
        $$"""{"event":"{{TurnEventJson.NameOf(turnEvent)}}","data":{{Encoding.UTF8.GetString(TurnEventJson.Write(turnEvent))}}}""";
}
