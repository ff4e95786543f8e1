namespace FunctionsBroker.Access.Tests;

public sealed class IdentityOptionsTests
{
    [Fact]
    public void NothingSet_IsNoFault()
    {
        var options = new IdentityOptions();

        Assert.Empty(options.FindFaults("Host:Identity"));
        Assert.False(options.IsShown || options.IsAsked);
    }

    [Fact]
    public void EveryFault_NamesItsSetting()
    {
        var options = new IdentityOptions { Instance = new Uri("http://login.test/"), Callers = { Guid.NewGuid() } };

        Assert.Equal(
            ["Host:Identity:TenantId", "Host:Identity:Audience", "Host:Identity:Instance"],
            options.FindFaults("Host:Identity").Select(fault => fault.Split(' ')[0]));
    }
}
