using System.CommandLine;
using System.Text.Json;
using FunctionsBroker.Cli.Data;
using FunctionsBroker.Cli.Output;
using FunctionsBroker.Cli.Poison;
using FunctionsBroker.Contracts.Serialization;

namespace FunctionsBroker.Cli.Commands;

/// <summary><c>broker poison</c>: what the queue <c>turns</c> could not make a turn of.</summary>
internal static class PoisonCommand
{
    public static Command Create() => new("poison", "Look through the messages that were refused, send them again, or drop them.")
    {
        List(),
        Show(),
        Remove("retry", "Send messages to the queue 'turns' again.", "sent again", (desk, choose, cancellationToken) => desk.RetryAsync(choose, cancellationToken)),
        Remove("drop", "Remove messages for good.", "dropped", (desk, choose, cancellationToken) => desk.DropAsync(choose, cancellationToken)),
    };

    private static Command List() =>
        Using(new Command("list", "List the messages with the reasons why they were refused."), async (_, desk, cancellationToken) =>
        {
            var table = new TextTable("MESSAGE", "SINCE", "CODE", "RETRY", "DETAIL");
            foreach (var entry in await desk.ListAsync(cancellationToken))
            {
                table.Add(
                    entry.Id,
                    entry.InsertedOn is { } since ? Amounts.Time(since) : null,
                    entry.Refusal?.Problem.Code ?? "(given up)",
                    entry.CanBeRetried ? "yes" : "no",
                    TextTable.Shorten(entry.Refusal?.Problem.Detail ?? entry.Original));
            }

            table.WriteTo(Console.Out);
            return ExitCodes.Success;
        });

    private static Command Show()
    {
        var id = new Argument<string>("MESSAGE") { Description = "The message's id, as 'list' shows it." };
        return Using(new Command("show", "Print a message: the reason, then what came in.") { id }, async (parsed, desk, cancellationToken) =>
        {
            var wanted = parsed.GetRequiredValue(id);
            var entry = (await desk.ListAsync(cancellationToken)).FirstOrDefault(entry => entry.Id == wanted) ?? throw NotThere([wanted]);
            if (entry.Refusal is { } refusal)
            {
                Console.WriteLine(JsonSerializer.Serialize(refusal.Problem, ContractsJsonContext.Default.Problem));
            }

            Console.WriteLine(entry.Original);
            return ExitCodes.Success;
        });
    }

    private static Command Remove(
        string name,
        string description,
        string done,
        Func<PoisonDesk, Func<PoisonEntry, bool>, CancellationToken, Task<IReadOnlyList<PoisonEntry>>> remove)
    {
        var ids = new Argument<string[]>("MESSAGE") { Description = "The messages' ids, as 'list' shows them.", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all") { Description = "All that are there now." };
        var command = new Command(name, description) { ids, all };
        command.Validators.Add(result =>
        {
            if (result.GetValue(ids) is { Length: > 0 } == result.GetValue(all))
            {
                result.AddError("Say which messages, or --all.");
            }
        });
        return Using(command, async (parsed, desk, cancellationToken) =>
        {
            // What comes in meanwhile, and so what was sent again and refused again, is left for the next time.
            var now = TimeProvider.System.GetUtcNow();
            var wanted = (parsed.GetValue(ids) ?? []).ToHashSet(StringComparer.Ordinal);
            var removed = await remove(desk, entry => parsed.GetValue(all) ? entry.InsertedOn is not { } since || since <= now : wanted.Contains(entry.Id), cancellationToken);
            foreach (var entry in removed)
            {
                Console.WriteLine($"{entry.Id} {done}");
            }

            wanted.ExceptWith(removed.Select(entry => entry.Id));
            return wanted.Count == 0 ? ExitCodes.Success : throw NotThere(wanted);
        });
    }

    private static Command Using(Command command, Func<ParseResult, PoisonDesk, CancellationToken, Task<int>> use)
    {
        var data = DataOption.Create();
        var connection = new Option<string?>("--connection") { Description = "The connection string of a storage account elsewhere.", HelpName = "TEXT" };
        command.Options.Add(data);
        command.Options.Add(connection);
        command.SetAction(async (parsed, _) =>
        {
            using var signals = new Signals();
            var storage = parsed.GetValue(connection) ?? RunningBroker.Require(parsed.GetRequiredValue(data)).Storage.ConnectionString;
            try
            {
                return await use(parsed, new PoisonDesk(storage), signals.Stop);
            }
            catch (Azure.RequestFailedException exception)
            {
                throw new CommandException(ExitCodes.Failure, $"the storage does not answer as it should: {exception.Message}");
            }
        });
        return command;
    }

    private static CommandException NotThere(IEnumerable<string> ids) =>
        new(ExitCodes.Failure, $"there is no such message, or it cannot be sent again because it was cut: {string.Join(", ", ids)}");
}
