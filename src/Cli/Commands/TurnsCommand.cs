using System.CommandLine;
using System.Text.Json;
using FunctionsBroker.Cli.Output;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.Cli.Commands;

/// <summary><c>broker turns SESSION</c>: what was said in a session, newest first.</summary>
internal static class TurnsCommand
{
    private const int DefaultLimit = 20;
    private const int MaxLimit = 200;

    public static Command Create()
    {
        var session = new Argument<string>("SESSION") { Description = "The session's id." };
        var json = FrontCommand.JsonOption();
        var limit = new Option<int>("--limit") { Description = $"How many, 1 to {MaxLimit}.", HelpName = "N", DefaultValueFactory = _ => DefaultLimit };
        limit.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && (!int.TryParse(result.Tokens[0].Value, out var number) || number is < 1 or > MaxLimit))
            {
                result.AddError($"--limit is a number from 1 to {MaxLimit}.");
            }
        });
        return new Command("turns", "List the turns of a session, newest first.") { session, limit, json }.Asking(async (parsed, client, cancellationToken) =>
        {
            var turns = await client.ListTurnsAsync(parsed.GetRequiredValue(session), parsed.GetValue(limit), cancellationToken);
            if (parsed.GetValue(json))
            {
                PrintLines(turns);
            }
            else
            {
                PrintTable(turns);
            }

            return ExitCodes.Success;
        });
    }

    private static void PrintLines(IReadOnlyList<TurnResource> turns)
    {
        foreach (var turn in turns)
        {
            Console.WriteLine(JsonSerializer.Serialize(turn, ContractsJsonContext.Default.TurnResource));
        }
    }

    private static void PrintTable(IReadOnlyList<TurnResource> turns)
    {
        var table = new TextTable("TURN", "STATUS", "CREATED", "TRIES", "COST", "PROMPT", "REPLY");
        foreach (var turn in turns)
        {
            table.Add(
                turn.TurnId,
                turn.Status.ToString().ToLowerInvariant(),
                Amounts.Time(turn.Timings.CreatedAt),
                Amounts.Count(turn.Attempts.Count),
                turn.Reply is { } reply ? Amounts.Dollars(reply.CostUsd) : null,
                PromptOf(turn),
                TextTable.Shorten(turn.Reply?.Text ?? turn.Problem?.Code));
        }

        table.WriteTo(Console.Out);
    }

    private static string? PromptOf(TurnResource turn) =>
        turn switch
        {
            { Origin: { } origin } => $"({origin.ToString().ToLowerInvariant()}) {TextTable.Shorten(turn.Prompt)}",
            { Prompt.Length: > 0 } => TextTable.Shorten(turn.Prompt),
            _ => TextTable.Shorten(turn.Command?.ToString().ToLowerInvariant()),
        };
}
