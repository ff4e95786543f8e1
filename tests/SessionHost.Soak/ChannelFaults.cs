namespace FunctionsBroker.SessionHost.Soak;

/// <summary>Deals out what goes wrong with the turns of a channel, the same in every run.</summary>
internal static class ChannelFaults
{
    /// <summary>One turn in so many has the fault.</summary>
    private static readonly (string Fault, int OneIn)[] s_faults =
    [
        ("channel drop 1", 50),
        ("channel drop 2", 125),
        ("channel delay 300", 20),
        ("channel delay 1500", 125),
        ("channel twice", 20),
        ("channel no-submit", 10),
        ("channel no-stop", 10),
        ("channel no-stop\nchannel no-end", 100),
        ("channel no-submit\nchannel no-stop", 50),
        ("channel stop-first", 10),
        ("channel stop-first\nchannel no-submit", 50),
        ("channel stop-twice", 10),
        ("channel stop-late 200", 20),
        ("channel stop-late 1000\nchannel twice", 50),
        ("channel kill", 80),
        ("channel kill-answered", 80),
        ("channel reply", 10),
        ("channel reply\nchannel no-submit\nchannel stop-twice", 50),
    ];

    /// <param name="random">Shared by all turns of a session.</param>
    /// <returns>Lines of the prompt; empty for a turn with which nothing goes wrong.</returns>
    public static string Deal(Random random)
    {
        foreach (var (fault, oneIn) in s_faults)
        {
            if (random.Next(oneIn) == 0)
            {
                return fault;
            }
        }

        return string.Empty;
    }
}
