using System.CommandLine;
using System.CommandLine.Parsing;
using FunctionsBroker.Cli.Conversation;
using FunctionsBroker.Cli.Data;
using FunctionsBroker.Cli.Output;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.Cli.Commands;

/// <summary><c>broker chat SESSION</c>: a line is a turn, and its reply is printed.</summary>
internal static class ChatCommand
{
    public static Command Create()
    {
        var session = new Argument<string>("SESSION") { Description = "The session to talk in; it begins with its first turn." };
        var data = DataOption.Create();
        var url = new Option<Uri?>("--url")
        {
            Description = "A front elsewhere; the key comes from --key.",
            HelpName = "URL",
            CustomParser = result => Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var parsed) ? parsed : Refuse(result),
        };
        var key = new Option<string?>("--key") { Description = "The function key that goes with --url.", HelpName = "KEY" };
        var profile = new Option<string?>("--profile") { Description = "The profile of a new session.", HelpName = "NAME" };
        var command = new Command("chat", "Talk in a session: every line is a turn.") { session, data, url, key, profile };
        command.Validators.Add(result =>
        {
            if (result.GetResult(url) is null != result.GetResult(key) is null)
            {
                result.AddError("--url and --key go together.");
            }
        });
        command.SetAction(async (parsed, _) =>
        {
            var (address, secret) = parsed.GetValue(url) is { } other
                ? (other, parsed.GetRequiredValue(key)!)
                : Running(parsed.GetRequiredValue(data));
            using var client = new FrontClient(address, secret, TimeProvider.System);
            return await TalkAsync(client, parsed.GetRequiredValue(session), parsed.GetValue(profile));
        });
        return command;
    }

    private static async Task<int> TalkAsync(FrontClient client, string session, string? profile)
    {
        using var signals = new Signals();
        var code = ExitCodes.Success;
        try
        {
            while (await ReadLineAsync(signals.Stop) is { } line)
            {
                if (!string.IsNullOrWhiteSpace(line))
                {
                    var turn = await client.AskAsync(session, new SubmitTurnRequest { Prompt = line, Profile = profile }, signals.Stop);
                    code = await PrintAsync(turn) ? code : ExitCodes.Failure;
                }
            }
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            // Ctrl-C leaves the chat; a turn that runs goes on without us.
        }
        catch (HttpRequestException exception)
        {
            throw new CommandException(ExitCodes.Failure, $"the front does not answer: {exception.Message}");
        }

        return code;
    }

    private static async Task<string?> ReadLineAsync(CancellationToken cancellationToken)
    {
        if (!Console.IsInputRedirected)
        {
            Console.Write("> ");
        }

        return await Console.In.ReadLineAsync(cancellationToken).AsTask().WaitAsync(cancellationToken);
    }

    private static async Task<bool> PrintAsync(TurnResource turn)
    {
        if (turn.Reply is { } reply)
        {
            Console.WriteLine(reply.Text);
            foreach (var notice in reply.Notices)
            {
                await Console.Error.WriteLineAsync($"({notice})");
            }

            return true;
        }

        await Console.Error.WriteLineAsync($"{turn.Status.ToString().ToLowerInvariant()}: {ProblemText.Of(turn.Problem)}");
        return false;
    }

    private static (Uri Url, string Key) Running(string dataPath)
    {
        var front = RunningBroker.Require(dataPath).Front;
        return (front.Url, front.Key);
    }

    private static Uri? Refuse(ArgumentResult result)
    {
        result.AddError($"'{result.Tokens[0].Value}' is not an absolute URL.");
        return null;
    }
}
