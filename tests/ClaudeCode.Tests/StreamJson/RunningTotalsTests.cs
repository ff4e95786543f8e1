using FunctionsBroker.ClaudeCode.Protocol;
using FunctionsBroker.ClaudeCode.StreamJson;

namespace FunctionsBroker.ClaudeCode.Tests.StreamJson;

public sealed class RunningTotalsTests
{
    [Fact]
    public void Take_NewConversation_GivesTheDifferences()
    {
        var totals = new RunningTotals(resumed: false);

        var first = totals.Take(Result(0.5m, 100));
        var second = totals.Take(Result(0.7m, 130));

        Assert.Equal((0.5m, 100L), (first.CostUsd, first.ModelMs));
        Assert.Equal((0.2m, 30L), (second.CostUsd, second.ModelMs));
    }

    [Fact]
    public void Take_ResumedConversation_DoesNotChargeThePastToTheFirstTurn()
    {
        var totals = new RunningTotals(resumed: true);

        var first = totals.Take(Result(9.5m, 9_000));
        var second = totals.Take(Result(9.7m, 9_040));

        Assert.Equal((0m, null), (first.CostUsd, first.ModelMs));
        Assert.Equal((0.2m, 40L), (second.CostUsd, second.ModelMs));
    }

    [Fact]
    public void Take_FigureOfTheCliForTheTurn_IsPreferred()
    {
        var totals = new RunningTotals(resumed: true);

        Assert.Equal(0.3m, totals.Take(Result(9.5m, 9_000) with { TurnCostUsd = 0.3m }).CostUsd);
    }

    private static CliMessage.Result Result(decimal cost, long apiMs) =>
        new() { IsError = false, TotalCostUsd = cost, TotalApiMs = apiMs };
}
