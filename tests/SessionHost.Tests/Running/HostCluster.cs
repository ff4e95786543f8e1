using System.Text.Json;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.LoopbackModel;
using FunctionsBroker.SessionHost.Options;
using FunctionsBroker.SessionHost.Orphans;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.Sessions.Turns;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Fakes;
using FunctionsBroker.TestKit.Running;

namespace FunctionsBroker.SessionHost.Tests.Running;

/// <summary>What session hosts share: stores, folders, a model, and a front that they report to. Plays the front's part.</summary>
internal sealed class HostCluster : IAsyncDisposable
{
    private readonly TempDirectory _folder = new();
    private readonly List<RunningHost> _hosts = [];
    private readonly LoopbackModelServer? _model;

    private HostCluster(LoopbackModelServer? model, CallbackListener callbacks)
    {
        _model = model;
        if (model is not null)
        {
            Environment["ANTHROPIC_BASE_URL"] = model.BaseUrl.ToString().TrimEnd('/');
        }

        Callbacks = callbacks;
        ClaudeBinary = model is null ? FakeCliBinary.Create(_folder) : RepositoryRoot.Combine("node_modules", ".bin", "claude");
    }

    public LoopbackModelServer Model => _model ?? throw new InvalidOperationException("The fake CLI asks no model.");

    public string ClaudeBinary { get; }

    public CallbackListener Callbacks { get; }

    public InMemorySessionStore Sessions { get; } = new();

    public InMemoryTurnStore Turns { get; } = new();

    public InMemoryTranscriptStore Transcripts { get; } = new();

    public InMemoryHostStore Hosts { get; } = new();

    public InMemoryUsageStore Usage { get; } = new();

    /// <summary>What the operator would set in the hosts' environment.</summary>
    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal)
    {
        ["PATH"] = System.Environment.GetEnvironmentVariable("PATH") ?? string.Empty,
        ["ANTHROPIC_API_KEY"] = "test-key",
        ["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"] = "1",
    };

    /// <summary>How long a process may take to break a turn off before it is killed; longer where a test needs the process afterwards.</summary>
    public InterruptGrace InterruptGrace { get; set; } = InterruptGrace.Default;

    /// <summary>Lets other users pass through, as the folders of a host with users of its own have to.</summary>
    public void OpenFolders() => new DirectoryInfo(_folder.Path).UnixFileMode |= UnixFileMode.OtherExecute;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>With the real CLI, in front of the loopback model.</summary>
    public static async Task<HostCluster> StartAsync()
    {
        var model = await LoopbackModelServer.StartAsync(new LoopbackModelOptions(), Cancellation);

        return new HostCluster(model, await CallbackListener.StartAsync());
    }

    /// <summary>With the fake CLI, whose prompts say what it does.</summary>
    public static async Task<HostCluster> StartFakeAsync() => new(null, await CallbackListener.StartAsync());

    /// <param name="settings">Settings of section <c>Host</c>, as <c>Name=Value</c>.</param>
    public async Task<RunningHost> AddHostAsync(string hostId, params string[] settings)
    {
        var host = await RunningHost.StartAsync(this, hostId, WorkPathOf(hostId), settings);
        _hosts.Add(host);
        return host;
    }

    /// <summary>The folder of a host's sessions: a disk of its own, as if hosts were separate machines.</summary>
    public string SessionsPathOf(RunningHost host) => SessionFolders.RootOf(WorkPathOf(host));

    /// <summary>Where a session is on the disk of the host that has it.</summary>
    public async Task<SessionFolders> FoldersOfAsync(string session)
    {
        var row = await ReadSessionAsync(session);
        return new SessionFolders(WorkPathOf(row.HostId!), row.RouteId);
    }

    /// <summary>A host's own disk.</summary>
    public string WorkPathOf(RunningHost host) => WorkPathOf(host.HostId);

    public string WorkPathOf(string hostId) => _folder.Combine("work-" + hostId);

    /// <summary>Does what a dispatch does before it calls a host: opens the attempt in the turn's row.</summary>
    public async Task<HostTurnRequest> PrepareAsync(
        RunningHost host,
        string session,
        string turnId,
        string prompt,
        long epoch = 1,
        string? profile = null,
        ConversationCommand? command = null,
        string? replyTo = null)
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
                Command = command,
                ReplyTo = replyTo,
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
            Command = command,
            Profile = profile,
            CallbackUrl = Callbacks.Url,
        };
    }

    /// <summary>Does what a dispatch does for a turn's next attempt.</summary>
    public async Task<HostTurnRequest> PrepareAgainAsync(RunningHost host, string session, string turnId, string prompt, long epoch)
    {
        var row = await Turns.FindAsync(SessionId.Parse(session), TurnId.Parse(turnId), Cancellation);
        var begun = TurnAttempts.Begin(row!.Value, host.HostId, epoch, null, TimeProvider.System.GetUtcNow());
        await Turns.UpdateAsync(row, begun, Cancellation);
        return new HostTurnRequest
        {
            TurnId = turnId,
            Epoch = epoch,
            Attempt = begun.Attempts.Count,
            Prompt = prompt,
            CallbackUrl = Callbacks.Url,
        };
    }

    /// <summary>Runs a turn's next attempt to its end.</summary>
    public async Task<TurnRecord> RunAgainAsync(RunningHost host, string session, string turnId, string prompt, long epoch)
    {
        int CountEnds() => Callbacks.Received.Count(call => call.Finished.TurnId == turnId && call.Finished.Epoch == epoch);
        var before = CountEnds();
        await host.AcceptAsync(session, await PrepareAgainAsync(host, session, turnId, prompt, epoch));
        await Eventually.BecomesTrueAsync(() => CountEnds() > before, Cancellation);
        return await ReadAsync(session, turnId);
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

    /// <summary>Waits until a session has its process.</summary>
    public Task HasProcessAsync(string session) =>
        Eventually.BecomesTrueAsync(
            async () => await Sessions.FindAsync(SessionId.Parse(session), Cancellation) is not null && File.Exists(await ProcessFileAsync(session)),
            Cancellation);

    /// <summary>The process that is alive for a session, as its host has written it down.</summary>
    public async Task<ProcessIdentity> ReadProcessAsync(string session)
    {
        var file = await ProcessFileAsync(session);
        return JsonSerializer.Deserialize(await File.ReadAllBytesAsync(file, Cancellation), OrphansJsonContext.Default.LiveProcess)!.Process;
    }

    /// <summary>Waits until a session's row tells of a turn, which may be after the front is told of it.</summary>
    public Task SavedAsync(string session, string turnId) =>
        Eventually.BecomesTrueAsync(async () => (await ReadSessionAsync(session)).LastTurnId == TurnId.Parse(turnId), Cancellation);

    public async Task<SessionRecord> ReadSessionAsync(string session) =>
        (await Sessions.FindAsync(SessionId.Parse(session), Cancellation))!.Value;

    /// <summary>Names the session's process while there is one.</summary>
    public async Task<string> ProcessFileAsync(string session)
    {
        var row = await ReadSessionAsync(session);
        return Path.Combine(WorkPathOf(row.HostId!), "live", row.RouteId.Value + ".json");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

        await Callbacks.DisposeAsync();
        if (_model is not null)
        {
            await _model.DisposeAsync();
        }

        _folder.Dispose();
    }
}
