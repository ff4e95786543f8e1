namespace FunctionsBroker.Cli.Supervision;

/// <summary>How long to wait before a part that died is started again: 0.2 s, doubled up to 5 s, from the start again once it had run for 10 s.</summary>
internal sealed class RestartBackoff
{
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_stable = TimeSpan.FromSeconds(10);

    private TimeSpan _next = s_first;

    /// <summary>The wait after a run of this length.</summary>
    public TimeSpan After(TimeSpan run)
    {
        var wait = run >= s_stable ? s_first : _next;
        _next = wait * 2 < s_longest ? wait * 2 : s_longest;
        return wait;
    }
}
