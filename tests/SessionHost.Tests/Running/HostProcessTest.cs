using System.Net.Http.Json;
using System.Text.Json;
using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.LoopbackModel;
using FunctionsBroker.SessionHost.Orphans;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.Sessions.Turns;
using FunctionsBroker.Storage;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.SessionHost.Tests.Running;

/// <summary>Session hosts in processes of their own, each with its own disk, on one real storage.</summary>
public abstract class HostProcessTest : IAsyncLifetime
{
    protected static readonly SessionId Session = SessionId.Parse("room:1");

    private IHost _stores = null!;

    /// <summary>Each host has a folder of its own in it.</summary>
    protected TempDirectory Disks { get; } = new();

    protected Azurite Storage { get; private set; } = null!;

    protected LoopbackModelServer Model { get; private set; } = null!;

    private protected CallbackListener Callbacks { get; private set; } = null!;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected ITurnStore Turns => Get<ITurnStore>();

    public async ValueTask InitializeAsync()
    {
        Storage = await Azurite.StartInMemoryAsync(Cancellation);
        Model = await LoopbackModelServer.StartAsync(new LoopbackModelOptions(), Cancellation);
        Callbacks = await CallbackListener.StartAsync();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection([new("AzureWebJobsStorage", Storage.ConnectionString)]);
        builder.Services.AddBrokerStorage(builder.Configuration);
        _stores = builder.Build();
        await _stores.StartAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _stores.StopAsync(CancellationToken.None);
        _stores.Dispose();
        await Callbacks.DisposeAsync();
        await Model.DisposeAsync();
        await Storage.DisposeAsync();
        Disks.Dispose();
        GC.SuppressFinalize(this);
    }

    protected T Get<T>()
        where T : notnull => _stores.Services.GetRequiredService<T>();

    /// <summary>Waits until a turn has ended.</summary>
    protected async Task<TurnRecord> EndAsync(string turnId)
    {
        await Callbacks.WaitAsync(turnId);
        return (await Turns.FindAsync(Session, TurnId.Parse(turnId), Cancellation))!.Value;
    }

    /// <summary>Waits until the session's row tells of a turn, which may be after the front is told of it.</summary>
    protected Task SavedAsync(string turnId) =>
        Eventually.BecomesTrueAsync(
            async () => (await Get<ISessionStore>().FindAsync(Session, Cancellation))!.Value.LastTurnId == TurnId.Parse(turnId),
            Cancellation);

    private protected Task<HostProcess> StartAsync(string hostId, params (string Name, string Value)[] more)
    {
        Dictionary<string, string> settings = new()
        {
            ["AzureWebJobsStorage"] = Storage.ConnectionString,
            ["ANTHROPIC_BASE_URL"] = Model.BaseUrl.ToString().TrimEnd('/'),
            ["ANTHROPIC_API_KEY"] = "test-key",
            ["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"] = "1",
            ["Host__WorkPath"] = Disks.Combine(hostId),
            ["Host__HeartbeatInterval"] = RunningHost.HeartbeatInterval,
        };
        foreach (var (name, value) in more)
        {
            settings[name] = value;
        }

        return HostProcess.StartAsync(hostId, settings, Get<IHostStore>());
    }

    private protected async Task AskAsync(HostProcess host, string turnId, string prompt, long epoch) =>
        Assert.True(await TryAskAsync(host, turnId, prompt, epoch));

    /// <summary>Does what a dispatch does.</summary>
    /// <returns>False when the host does not take the turn.</returns>
    private protected async Task<bool> TryAskAsync(HostProcess host, string turnId, string prompt, long epoch)
    {
        var turn = TurnId.Parse(turnId);
        var now = TimeProvider.System.GetUtcNow();
        var record = new TurnRecord
        {
            SessionId = Session,
            TurnId = turn,
            Status = TurnStatus.Queued,
            RequestHash = "hash",
            Timings = new TurnTimings { CreatedAt = now },
        };
        await Turns.AddAsync(record, prompt, Cancellation);
        var row = (await Turns.FindAsync(Session, turn, Cancellation))!;
        if (row.Value.Epoch != epoch)
        {
            // One that was refused is given again, as often as it takes.
            row = await Turns.UpdateAsync(row, TurnAttempts.Begin(row.Value, "host", epoch, null, now), Cancellation);
        }

        var request = new HostTurnRequest
        {
            TurnId = turnId,
            Epoch = epoch,
            Attempt = row.Value.Attempts.Count,
            Prompt = prompt,
            CallbackUrl = Callbacks.Url,
        };
        using var response = await host.Http.PostAsJsonAsync(
            $"/sessions/{Session}/turns",
            request,
            ContractsJsonContext.Default.HostTurnRequest,
            Cancellation);
        return response.IsSuccessStatusCode;
    }

    protected async Task<ProcessIdentity> ReadProcessAsync()
    {
        var session = (await Get<ISessionStore>().FindAsync(Session, Cancellation))!.Value;
        var file = Disks.Combine(session.HostId!, "live", session.RouteId.Value + ".json");
        return JsonSerializer.Deserialize(await File.ReadAllBytesAsync(file, Cancellation), OrphansJsonContext.Default.LiveProcess)!.Process;
    }
}
