namespace FunctionsBroker.Functions.Tests.Running;

/// <summary>A test with a front of its own. They take turns, because each runs an emulator.</summary>
[Collection(nameof(RunningFrontTest))]
[Trait("Category", "Emulator")]
public abstract class RunningFrontTest
{
    protected const int Patience = 120_000;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
