using System.Collections;

namespace FunctionsBroker.SessionHost.Outcomes;

/// <summary>Waits between tries: each twice as long as the one before, up to a longest one, until their sum is enough.</summary>
internal sealed class RetryDelays(TimeSpan first, TimeSpan longest, TimeSpan total) : IEnumerable<TimeSpan>
{
    public IEnumerator<TimeSpan> GetEnumerator()
    {
        var spent = TimeSpan.Zero;
        for (var delay = first; spent < total; delay = delay * 2 < longest ? delay * 2 : longest)
        {
            spent += delay;
            yield return delay;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
