namespace FunctionsBroker.Functions.Tests.Running;

/// <summary>A test on a front that runs. They take turns, because they share it.</summary>
[Collection(nameof(RunningFrontTest))]
[Trait("Category", "Emulator")]
public abstract class RunningFrontTest(FrontUnderTest running) : IAsyncLifetime
{
    protected const int Patience = 120_000;

    private int _before;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A session that no other test has; what else a test names begins with it too.</summary>
    protected string Session { get; } = "s" + Guid.NewGuid().ToString("N");

    protected FrontUnderTest Running => running;

    public ValueTask InitializeAsync()
    {
        _before = running.Process.Host.LineCount;
        return ValueTask.CompletedTask;
    }

    /// <summary>Shows with a failed test what the front printed meanwhile.</summary>
    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(running.Process.Host.Output(_before));
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Joins session hosts to the front, for this test alone.</summary>
    private protected Task<RunningFront> StartAsync(int hosts = 1) => RunningFront.StartAsync(running, Session, hosts);
}
