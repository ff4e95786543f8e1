namespace FunctionsBroker.SessionHost.Metrics;

/// <summary>One series of measurements: their sum, or the last of them, and how they are spread. Safe for concurrent use.</summary>
internal sealed class Series
{
    /// <summary>Upper bounds in seconds: from a warm turn over the fastest model to the longest that may be.</summary>
    public static IReadOnlyList<double> Bounds { get; } = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

    private readonly Lock _lock = new();
    private readonly long[] _buckets = new long[Bounds.Count];
    private long _count;
    private double _sum;

    public void Take(double value, bool replace)
    {
        lock (_lock)
        {
            _sum = replace ? value : _sum + value;
            _count++;
            for (var bucket = 0; bucket < Bounds.Count; bucket++)
            {
                _buckets[bucket] += value <= Bounds[bucket] ? 1 : 0;
            }
        }
    }

    /// <returns>The sum, the number of measurements, and how many were within each bound.</returns>
    public (double Sum, long Count, IReadOnlyList<long> Buckets) Read()
    {
        lock (_lock)
        {
            return (_sum, _count, [.. _buckets]);
        }
    }
}
