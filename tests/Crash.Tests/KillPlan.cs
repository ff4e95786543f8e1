using System.Globalization;

namespace FunctionsBroker.Crash.Tests;

/// <summary>When one life of the process ends: at one of its writes, or some time after its start.</summary>
internal sealed record KillPlan(string? Moment, int Write, TimeSpan? After)
{
    // A life has three writes before the hub runs; a whole workload takes a hundred or so.
    private const int LastWrite = 60;
    private const int LongestLifeMilliseconds = 700;

    private static readonly string[] s_moments = ["before", "during", "after"];

    public static KillPlan None { get; } = new(null, 0, null);

    public IEnumerable<string> Arguments => Moment is null ? [] : [Moment, Write.ToString(CultureInfo.InvariantCulture)];

    public static KillPlan Next(Random random) => random.Next(4) == 0
        ? new KillPlan(null, 0, TimeSpan.FromMilliseconds(random.Next(LongestLifeMilliseconds)))
        : new KillPlan(s_moments[random.Next(s_moments.Length)], NextWrite(random), null);

    public override string ToString() =>
        After is { } after ? $"{after.TotalMilliseconds} ms after its start" : Moment is null ? "at its end" : $"{Moment} write {Write}";

    // More often early than late: many lives that each do a little meet the hub in more states than few that do much.
    private static int NextWrite(Random random)
    {
        double place = random.NextDouble();
        return 1 + (int)(place * place * LastWrite);
    }
}
