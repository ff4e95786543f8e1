namespace FunctionsBroker.TestKit;

/// <summary>How long a test waits for what should happen at once, on a machine that does much else.</summary>
public static class TestTimeouts
{
    /// <summary>For <c>[Fact(Timeout = …)]</c>, in milliseconds.</summary>
    public const int DefaultMilliseconds = 60_000;

    public static TimeSpan Default { get; } = TimeSpan.FromMilliseconds(DefaultMilliseconds);
}
