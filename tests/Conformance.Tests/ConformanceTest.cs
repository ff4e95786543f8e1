using FunctionsBroker.Conformance.Tests.Running;

namespace FunctionsBroker.Conformance.Tests;

/// <summary>What the cases that drive the app have in common.</summary>
public abstract class ConformanceTest(ConformanceHost host)
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected ConformanceHost Host => host;

    protected HttpClient Http => host.Http;

    protected RunClient Runs { get; } = new(host.Http);

    protected EntityClient Entities { get; } = new(host.Http);

    protected JournalClient Journal { get; } = new(host.Http);

    protected static string NewId(string prefix = "case") => $"{prefix}-{Guid.NewGuid():N}";

    /// <summary>The present, from which a case counts.</summary>
    protected static DateTimeOffset Now => TimeProvider.System.GetUtcNow();
}
