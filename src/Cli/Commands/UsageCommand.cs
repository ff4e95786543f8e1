using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using FunctionsBroker.Cli.Output;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Usage;

namespace FunctionsBroker.Cli.Commands;

/// <summary><c>broker usage</c>: tokens and cost by profile, and what is left of the budgets.</summary>
internal static class UsageCommand
{
    public static Command Create()
    {
        var from = new Option<string?>("--from") { Description = "The first day; the first of the month if left out.", HelpName = "YYYY-MM-DD" };
        var to = new Option<string?>("--to") { Description = "The last day; today if left out.", HelpName = "YYYY-MM-DD" };
        var json = FrontCommand.JsonOption();
        return new Command("usage", "Show tokens and cost by profile.") { from, to, json }.Asking(async (parsed, client, cancellationToken) =>
        {
            var report = await client.GetUsageAsync(parsed.GetValue(from), parsed.GetValue(to), cancellationToken);
            if (parsed.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(report, ContractsJsonContext.Default.UsageReport));
            }
            else
            {
                Print(report);
            }

            return ExitCodes.Success;
        });
    }

    private static void Print(UsageReport report)
    {
        var table = new TextTable("PROFILE", "TURNS", "INPUT", "OUTPUT", "CACHE READ", "CACHE WRITE", "COST", "BUDGET");
        foreach (var profile in report.Profiles)
        {
            Add(table, profile.Profile, profile.Usage, Describe(profile.Budget));
        }

        Add(table, "(all)", report.Total, null);
        table.WriteTo(Console.Out);
    }

    private static void Add(TextTable table, string name, UsageTotals usage, string? budget) =>
        table.Add(
            name,
            Amounts.Count(usage.Turns),
            Amounts.Count(usage.InputTokens),
            Amounts.Count(usage.OutputTokens),
            Amounts.Count(usage.CacheReadTokens),
            Amounts.Count(usage.CacheWriteTokens),
            Amounts.Dollars(usage.CostUsd),
            budget);

    private static string? Describe(ProfileBudget? budget) =>
        budget is null
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{Amounts.Dollars(budget.SpentUsd)} of {budget.LimitUsd:0.##} a {budget.Period.ToString().ToLowerInvariant()}");
}
