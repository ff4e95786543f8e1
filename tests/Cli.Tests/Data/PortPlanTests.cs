using System.Net;
using System.Net.Sockets;
using FunctionsBroker.Cli.Data;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Cli.Tests.Data;

public sealed class PortPlanTests : IDisposable
{
    private readonly TempDirectory _temp = new();
    private readonly DataFolder _data;

    public PortPlanTests() => _data = DataFolder.Acquire(_temp.Path);

    public void Dispose()
    {
        _data.Dispose();
        _temp.Dispose();
    }

    [Fact]
    public void LoadOrChoose_SecondTime_KeepsThePortsAlsoOfAddedHosts()
    {
        var first = PortPlan.LoadOrChoose(_data, front: 0, hosts: 2);
        var second = PortPlan.LoadOrChoose(_data, front: 0, hosts: 3);

        Assert.Equal(first.Hosts, second.Hosts.Take(2));
        Assert.Equal(first with { Hosts = [] }, second with { Hosts = [] });
        Assert.Equal(8, All(second).Distinct().Count());
    }

    [Fact]
    public void LoadOrChoose_KeptPortTakenMeanwhile_IsReplaced()
    {
        var first = PortPlan.LoadOrChoose(_data, front: 0, hosts: 1);
        using var other = new TcpListener(IPAddress.Loopback, first.Table);
        other.Start();

        var second = PortPlan.LoadOrChoose(_data, front: 0, hosts: 1);

        Assert.NotEqual(first.Table, second.Table);
        Assert.Equal(first.Queue, second.Queue);
    }

    [Fact]
    public void LoadOrChoose_AskedPortTaken_IsRefusedWithItsNumber()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var exception = Assert.Throws<CommandException>(() => PortPlan.LoadOrChoose(_data, port, hosts: 1));

        Assert.Contains($"port {port} ", exception.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<int> All(PortPlan plan) => [plan.Blob, plan.Queue, plan.Table, plan.Front, plan.Model, .. plan.Hosts];
}
