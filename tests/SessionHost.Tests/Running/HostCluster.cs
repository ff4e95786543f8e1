using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Local.Model;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.Sessions.Turns;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Fakes;

namespace FunctionsBroker.SessionHost.Tests.Running;

/// <summary>What session hosts share: stores, folders, a model, and a front that they report to. Plays the front's part.</summary>
internal sealed class HostCluster : IAsyncDisposable
{
    private readonly TempDirectory _folder = new();
    private readonly List<RunningHost> _hosts = [];

    private HostCluster(LoopbackModel model, CallbackListener callbacks)
    {
        Model = model;
        Callbacks = callbacks;
    }

    public LoopbackModel Model { get; }

    public CallbackListener Callbacks { get; }

    public InMemorySessionStore Sessions { get; } = new();

    public InMemoryTurnStore Turns { get; } = new();

    public InMemoryHostStore Hosts { get; } = new();

    public string SessionsPath => _folder.Combine("sessions");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<HostCluster> StartAsync() =>
        new(await LoopbackModel.StartAsync(new LoopbackModelOptions(), Cancellation), await CallbackListener.StartAsync());

    /// <param name="settings">Settings of section <c>Host</c>, as <c>Name=Value</c>.</param>
    public async Task<RunningHost> AddHostAsync(string hostId, params string[] settings)
    {
        var host = await RunningHost.StartAsync(this, hostId, _folder.Combine("work-" + hostId), settings);
        _hosts.Add(host);
        return host;
    }

    /// <summary>Does what a dispatch does before it calls a host: opens the attempt in the turn's row.</summary>
    public async Task<HostTurnRequest> PrepareAsync(
        RunningHost host,
        string session,
        string turnId,
        string prompt,
        long epoch = 1,
        string? profile = null)
    {
        var sessionId = SessionId.Parse(session);
        var turn = TurnId.Parse(turnId);
        var now = TimeProvider.System.GetUtcNow();
        await Turns.AddAsync(
            new TurnRecord
            {
                SessionId = sessionId,
                TurnId = turn,
                Status = TurnStatus.Queued,
                RequestHash = "hash",
                Timings = new TurnTimings { CreatedAt = now },
            },
            prompt,
            Cancellation);
        var row = await Turns.FindAsync(sessionId, turn, Cancellation);
        var begun = TurnAttempts.Begin(row!.Value, host.HostId, epoch, null, now);
        await Turns.UpdateAsync(row, begun, Cancellation);
        return new HostTurnRequest
        {
            TurnId = turnId,
            Epoch = epoch,
            Attempt = begun.Attempts.Count,
            Prompt = prompt,
            Profile = profile,
            CallbackUrl = Callbacks.Url,
        };
    }

    /// <summary>Runs a turn to its end.</summary>
    public async Task<TurnRecord> RunAsync(RunningHost host, string session, string turnId, string prompt, long epoch = 1)
    {
        await host.AcceptAsync(session, await PrepareAsync(host, session, turnId, prompt, epoch));
        return await EndAsync(session, turnId);
    }

    /// <summary>Waits for the callback and reads what was recorded.</summary>
    public async Task<TurnRecord> EndAsync(string session, string turnId)
    {
        await Callbacks.WaitAsync(turnId);
        return await ReadAsync(session, turnId);
    }

    public async Task<TurnRecord> ReadAsync(string session, string turnId) =>
        (await Turns.FindAsync(SessionId.Parse(session), TurnId.Parse(turnId), Cancellation))!.Value;

    public async Task<SessionRecord> ReadSessionAsync(string session) =>
        (await Sessions.FindAsync(SessionId.Parse(session), Cancellation))!.Value;

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

        await Callbacks.DisposeAsync();
        await Model.DisposeAsync();
        _folder.Dispose();
    }
}
