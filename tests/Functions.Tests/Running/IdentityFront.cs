using FunctionsBroker.TestKit;

namespace FunctionsBroker.Functions.Tests.Running;

/// <summary>A front that shows an identity and asks one of its hosts, both of a tenant of its own.</summary>
public sealed class IdentityFront : FrontUnderTest
{
    private TestTenant? _tenant;

    public TestTenant Tenant => _tenant ?? throw new InvalidOperationException("The front was not started.");

    /// <summary>The front's own identity.</summary>
    public Guid FrontId { get; } = Guid.NewGuid();

    /// <summary>The identity that hosts must show.</summary>
    public Guid HostId { get; } = Guid.NewGuid();

    protected override async Task<IReadOnlyList<(string Name, string Value)>> PrepareAsync()
    {
        _tenant = await TestTenant.StartAsync(CancellationToken.None);
        return
        [
            .. _tenant.IdentityVariables.Select(variable => (variable.Key, variable.Value)),
            ("Broker:Identity:Instance", _tenant.Instance.AbsoluteUri),
            ("Broker:Identity:TenantId", _tenant.Id.ToString()),
            ("Broker:Identity:Audience", TestTenant.Audience),
            ("Broker:Identity:ClientId", FrontId.ToString()),
            ("Broker:Identity:Callers:0", HostId.ToString()),
        ];
    }

    protected override ValueTask CleanUpAsync() => _tenant?.DisposeAsync() ?? ValueTask.CompletedTask;
}
