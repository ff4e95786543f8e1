namespace FunctionsBroker.Bench;

/// <summary>One measured time of one contestant, turn by turn, in milliseconds.</summary>
internal sealed class Measurement(string name)
{
    private readonly List<double> _overheads = [];

    public string Name { get; } = name;

    public int Count => _overheads.Count;

    public void Add(double milliseconds) => _overheads.Add(milliseconds);

    public void AddIfAny(double? milliseconds)
    {
        if (milliseconds is { } measured)
        {
            Add(measured);
        }
    }

    /// <param name="quantile">0 to 1; the nearest rank.</param>
    public double Quantile(double quantile)
    {
        var sorted = _overheads.Order().ToList();
        return sorted[Math.Clamp((int)Math.Ceiling(quantile * sorted.Count) - 1, 0, sorted.Count - 1)];
    }
}
