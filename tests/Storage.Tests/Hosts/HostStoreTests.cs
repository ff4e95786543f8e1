using System.Text.Json;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit.Storage;

namespace FunctionsBroker.Storage.Tests.Hosts;

public sealed class HostStoreTests(AzuriteFixture azurite) : StorageTest(azurite)
{
    private static readonly DateTimeOffset s_noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private IHostStore Store => Get<IHostStore>();

    [Fact]
    public async Task Save_EveryBeat_ReplacesTheRow()
    {
        var host = NewHost();
        await Store.SaveAsync(host with { LiveProcesses = 1 }, Cancellation);
        await Store.SaveAsync(host, Cancellation);

        var listed = Assert.Single(await Store.ListAsync(Cancellation), candidate => candidate.HostId == host.HostId);

        Assert.Equal(JsonSerializer.Serialize(host), JsonSerializer.Serialize(listed with { HeartbeatAt = host.HeartbeatAt }));
    }

    [Theory]
    [InlineData(-30)]
    [InlineData(30)]
    public async Task HeartbeatAt_HostWhoseClockIsWrong_IsTheStoragesOwnTime(double wrongBy)
    {
        var before = TimeProvider.System.GetUtcNow();
        var host = NewHost() with { HeartbeatAt = before.AddSeconds(wrongBy) };
        await Store.SaveAsync(host, Cancellation);

        var listed = Assert.Single(await Store.ListAsync(Cancellation), candidate => candidate.HostId == host.HostId);

        Assert.InRange(listed.HeartbeatAt, before.AddSeconds(-1), TimeProvider.System.GetUtcNow().AddSeconds(1));
    }

    [Fact]
    public async Task Delete_KnownHost_IsNoLongerListed()
    {
        var host = NewHost();
        await Store.SaveAsync(host, Cancellation);

        await Store.DeleteAsync(host.HostId, Cancellation);

        Assert.DoesNotContain(await Store.ListAsync(Cancellation), candidate => candidate.HostId == host.HostId);
    }

    [Fact]
    public async Task Delete_UnknownHost_IsNoError()
    {
        await Store.DeleteAsync("never-there", Cancellation);
    }

    [Fact]
    public async Task RemoveBefore_HostsThatBeatLast_KeepTheirRows()
    {
        var (silent, beating) = (NewHost(), NewHost());
        await Store.SaveAsync(silent, Cancellation);
        await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancellation);
        await Store.SaveAsync(beating, Cancellation);
        var hosts = await Store.ListAsync(Cancellation);

        await Store.RemoveBeforeAsync(hosts.Single(host => host.HostId == beating.HostId).HeartbeatAt, Cancellation);

        var left = (await Store.ListAsync(Cancellation)).Select(host => host.HostId);
        Assert.Equal((false, true), (left.Contains(silent.HostId), left.Contains(beating.HostId)));
    }

    [Theory]
    [InlineData(5.9, true)]
    [InlineData(6.0, false)]
    public void IsAliveAt_ThreeMissedBeats_AreTheEnd(double secondsSilent, bool alive)
    {
        Assert.Equal(alive, NewHost().IsAliveAt(s_noon.AddSeconds(secondsSilent)));
    }

    private static HostRecord NewHost() => new()
    {
        HostId = UniqueId(),
        Url = new Uri("http://127.0.0.1:9000/"),
        StartedAt = s_noon.AddHours(-1),
        HeartbeatAt = s_noon,
        HeartbeatInterval = TimeSpan.FromSeconds(2),
        LiveProcesses = 3,
        RunningTurns = 2,
        MaxSessions = 20,
        Profiles = ["default", "fast"],
        Draining = true,
    };
}
