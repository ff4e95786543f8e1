using System.CommandLine;
using FunctionsBroker.Cli.Conversation;
using FunctionsBroker.Contracts.Events;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.Cli.Commands;

/// <summary><c>broker chat SESSION</c>: a line is a turn, and its reply is printed while it is said.</summary>
internal static class ChatCommand
{
    public static Command Create()
    {
        var session = new Argument<string>("SESSION") { Description = "The session to talk in; it begins with its first turn." };
        var profile = new Option<string?>("--profile") { Description = "The profile of a new session.", HelpName = "NAME" };
        return new Command("chat", "Talk in a session: every line is a turn.") { session, profile }
            .Asking((parsed, client, cancellationToken) => TalkAsync(client, parsed.GetRequiredValue(session), parsed.GetValue(profile), cancellationToken));
    }

    private static async Task<int> TalkAsync(FrontClient client, string session, string? profile, CancellationToken cancellationToken)
    {
        var code = ExitCodes.Success;
        try
        {
            while (await ReadLineAsync("> ", cancellationToken) is { } line)
            {
                if (!string.IsNullOrWhiteSpace(line))
                {
                    var request = new SubmitTurnRequest { Prompt = line, Profile = profile };
                    var turn = await client.SubmitAsync(session, request, wait: false, cancellationToken);
                    code = await ListenAsync(client, turn, cancellationToken) ? code : ExitCodes.Failure;
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C leaves the chat; a turn that runs goes on without us.
        }

        return code;
    }

    /// <returns>Whether the turn was completed.</returns>
    private static async Task<bool> ListenAsync(FrontClient client, TurnResource turn, CancellationToken cancellationToken)
    {
        var printer = new TurnPrinter(Console.Out, Console.Error, isLive: !Console.IsOutputRedirected);
        TurnEvent? last = null;
        await foreach (var turnEvent in client.ListenAsync(turn.SessionId, turn.TurnId, cancellationToken))
        {
            await printer.PrintAsync(turnEvent);
            if (turnEvent is TurnEvent.Permission { State: PermissionState.Asked } asked && !Console.IsInputRedirected)
            {
                await DecideAsync(client, turn.SessionId, asked.RequestId, cancellationToken);
            }

            last = turnEvent;
        }

        return last is TurnEvent.Completed;
    }

    private static async Task DecideAsync(FrontClient client, string session, string requestId, CancellationToken cancellationToken)
    {
        var word = await ReadLineAsync("allow? [y/N] ", cancellationToken);
        var verdict = word?.Trim() is "y" or "Y" or "yes" ? PermissionVerdict.Allow : PermissionVerdict.Deny;
        try
        {
            await client.DecideAsync(session, requestId, new PermissionAnswer { Decision = verdict }, cancellationToken);
        }
        catch (CommandException exception)
        {
            // It was settled meanwhile, by the clock or by somebody else; the turn goes on.
            await Console.Error.WriteLineAsync($"({exception.Message})");
        }
    }

    private static async Task<string?> ReadLineAsync(string prompt, CancellationToken cancellationToken)
    {
        if (!Console.IsInputRedirected)
        {
            Console.Write(prompt);
        }

        return await Console.In.ReadLineAsync(cancellationToken).AsTask().WaitAsync(cancellationToken);
    }
}
