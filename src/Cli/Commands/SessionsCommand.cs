using System.CommandLine;
using System.Text.Json;
using FunctionsBroker.Cli.Conversation;
using FunctionsBroker.Cli.Output;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Sessions;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.Cli.Commands;

/// <summary><c>broker sessions</c>: lists sessions, shows one, has one forget or sum up what was said, removes one.</summary>
internal static class SessionsCommand
{
    public static Command Create()
    {
        string[] names = ["status", "host", "profile", "tag"];
        var filters = names.ToDictionary(name => name, name => new Option<string?>($"--{name}") { Description = $"Only those with this {name}.", HelpName = name.ToUpperInvariant() });
        var json = FrontCommand.JsonOption();
        var command = new Command("sessions", "List the sessions, show one, have one forget or sum up what was said, or remove one.")
        {
            json,
            Show(),
            Tell("clear", "Begin a new conversation: Claude forgets what was said. Files in the session's folder stay."),
            Tell("compact", "Have Claude sum the conversation up, and go on from the summary."),
            Delete(),
        };
        foreach (var filter in filters.Values)
        {
            command.Options.Add(filter);
        }

        return command.Asking(async (parsed, client, cancellationToken) =>
        {
            var query = filters.ToDictionary(filter => filter.Key, filter => parsed.GetValue(filter.Value));
            var sessions = client.ListSessionsAsync(query, cancellationToken);
            await (parsed.GetValue(json) ? PrintLinesAsync(sessions) : PrintTableAsync(sessions));
            return ExitCodes.Success;
        });
    }

    private static Command Show()
    {
        var id = SessionArgument();
        return new Command("show", "Print a session as JSON.") { id }.Asking(async (parsed, client, cancellationToken) =>
        {
            Print(await client.GetSessionAsync(parsed.GetRequiredValue(id), cancellationToken));
            return ExitCodes.Success;
        });
    }

    private static Command Tell(string command, string description)
    {
        var id = SessionArgument();
        return new Command(command, description) { id }.Asking(async (parsed, client, cancellationToken) =>
        {
            var turn = await client.AskAsync(parsed.GetRequiredValue(id), new SubmitTurnRequest { Command = command }, cancellationToken);
            if (turn.Problem is { } problem)
            {
                throw new CommandException(ExitCodes.Failure, ProblemText.Of(problem));
            }

            foreach (var notice in turn.Reply?.Notices ?? [])
            {
                Console.WriteLine(notice);
            }

            return ExitCodes.Success;
        });
    }

    private static Command Delete()
    {
        var id = SessionArgument();
        return new Command("delete", "End a session and remove everything of it.") { id }.Asking(async (parsed, client, cancellationToken) =>
        {
            var session = parsed.GetRequiredValue(id);
            var gone = await client.DeleteSessionAsync(session, cancellationToken);
            Console.WriteLine(gone ? $"{session} is gone" : $"{session} is being removed");
            return ExitCodes.Success;
        });
    }

    private static async Task PrintLinesAsync(IAsyncEnumerable<SessionResource> sessions)
    {
        await foreach (var session in sessions)
        {
            Print(session);
        }
    }

    private static async Task PrintTableAsync(IAsyncEnumerable<SessionResource> sessions)
    {
        var table = new TextTable("SESSION", "STATUS", "PROFILE", "HOST", "TURNS", "COST", "LAST USED", "TITLE");
        await foreach (var session in sessions)
        {
            table.Add(
                session.SessionId,
                session.Status.ToString().ToLowerInvariant(),
                session.Profile,
                session.HostId,
                Amounts.Count(session.Usage.Turns),
                Amounts.Dollars(session.Usage.CostUsd),
                Amounts.Time(session.LastUsedAt),
                session.Title);
        }

        table.WriteTo(Console.Out);
    }

    private static void Print(SessionResource session) =>
        Console.WriteLine(JsonSerializer.Serialize(session, ContractsJsonContext.Default.SessionResource));

    private static Argument<string> SessionArgument() => new("SESSION") { Description = "The session's id." };
}
