using FunctionsBroker.Functions.Configuration;

namespace FunctionsBroker.Functions.Tests.Configuration;

public sealed class BrokerOptionsRulesTests
{
    private static readonly Guid s_id = Guid.NewGuid();

    [Fact]
    public void NeitherKeysNorIdentities_BothKeysAreMissing() =>
        Assert.Equal(["Broker:CallbackKey", "Broker:HostKey"], SettingsAtFault(new BrokerOptions()));

    [Fact]
    public void Keys_AreEnough() =>
        Assert.Empty(SettingsAtFault(new BrokerOptions { HostKey = "key-of-the-hosts-api", CallbackKey = "key-of-the-callback" }));

    [Fact]
    public void Identities_AreEnough() =>
        Assert.Empty(SettingsAtFault(new BrokerOptions { Identity = { TenantId = s_id, Audience = "api://broker", Callers = { s_id } } }));

    [Fact]
    public void IdentityThatIsOnlyShown_LeavesTheCallbackOpen() =>
        Assert.Equal(["Broker:CallbackKey"], SettingsAtFault(new BrokerOptions { Identity = { TenantId = s_id, Audience = "api://broker" } }));

    [Fact]
    public void IdentityWithoutATenant_IsAFault() =>
        Assert.Equal(["Broker:Identity:TenantId"], SettingsAtFault(new BrokerOptions { Identity = { Audience = "api://broker", Callers = { s_id } } }));

    private static IEnumerable<string> SettingsAtFault(BrokerOptions options) =>
        (new BrokerOptionsRules().Validate(null, options).Failures ?? []).Select(failure => failure.Split(' ')[0]);
}
