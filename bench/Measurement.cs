namespace FunctionsBroker.Bench;

/// <summary>The overheads of one contestant, in milliseconds: wall time less the model's own.</summary>
internal sealed class Measurement(string name)
{
    private readonly List<double> _overheads = [];

    public string Name { get; } = name;

    public int Count => _overheads.Count;

    public void Add(double milliseconds) => _overheads.Add(milliseconds);

    /// <param name="quantile">0 to 1; the nearest rank.</param>
    public double Quantile(double quantile)
    {
        var sorted = _overheads.Order().ToList();
        return sorted[Math.Clamp((int)Math.Ceiling(quantile * sorted.Count) - 1, 0, sorted.Count - 1)];
    }
}
