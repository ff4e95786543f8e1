using FunctionsBroker.ClaudeCode.Protocol;

namespace FunctionsBroker.ClaudeCode.StreamJson;

/// <summary>Takes one turn's share out of the sums that the CLI keeps over the whole conversation.</summary>
/// <param name="resumed">Whether the sums began in an earlier process, at figures that nobody knows.</param>
internal sealed class RunningTotals(bool resumed)
{
    private decimal? _costUsd = resumed ? null : 0;
    private long? _apiMs = resumed ? null : 0;

    public ClaudeAnswer Take(CliMessage.Result result)
    {
        // The CLI's own figure for the turn is exact also after a resume; versions without it need the difference.
        var cost = result.TurnCostUsd ?? Math.Max(0, result.TotalCostUsd - (_costUsd ?? result.TotalCostUsd));
        var modelMs = result.TotalApiMs - _apiMs;
        _costUsd = result.TotalCostUsd;
        _apiMs = result.TotalApiMs;
        return new ClaudeAnswer(result.Text ?? string.Empty, result.Usage, cost, modelMs);
    }
}
