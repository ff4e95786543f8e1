using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.ClaudeCode.Transcripts;
using FunctionsBroker.ClaudeCode.Turns;
using FunctionsBroker.LoopbackModel;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace FunctionsBroker.ClaudeCode.Tests.RealCli;

/// <summary>One conversation with the pinned CLI and the loopback model, over as many processes as a test starts.</summary>
internal sealed class RealConversation : IAsyncDisposable
{
    public static readonly TurnBounds Bounds = new(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(5));

    /// <summary>Polite, and patient with a machine that does much else.</summary>
    public static readonly CliStopBounds Stop = new(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(20));

    private readonly TempDirectory _folder = new();
    private readonly List<ClaudeProcess> _processes = [];

    private RealConversation(LoopbackModelServer model)
    {
        Model = model;
        Folders = new SessionFolders(_folder.Combine("work"), RouteId.NewRouteId());
    }

    public LoopbackModelServer Model { get; }

    public SessionFolders Folders { get; }

    public SessionId SessionId { get; } = SessionId.Parse("room:1");

    public Guid ClaudeSessionId { get; } = Guid.NewGuid();

    public Transcript Transcript => Folders.Transcript(ClaudeSessionId);

    public Dictionary<string, string> HostEnvironment { get; } = new(StringComparer.Ordinal)
    {
        ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? string.Empty,
        ["ANTHROPIC_API_KEY"] = "test-key",
        ["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"] = "1",
        ["CLAUDE_CODE_MAX_RETRIES"] = "0",
    };

    public SessionUsers? Users { get; set; }

    public ClaudeProfile Profile { get; set; } = new() { Tools = "", SystemPrompt = "Answer." };

    public static async Task<RealConversation> BeginAsync(ClaudeProfile? profile = null)
    {
        var model = await LoopbackModelServer.StartAsync(new LoopbackModelOptions(), TestContext.Current.CancellationToken);
        var conversation = profile is null ? new RealConversation(model) : new RealConversation(model) { Profile = profile };
        conversation.HostEnvironment["ANTHROPIC_BASE_URL"] = model.BaseUrl.ToString().TrimEnd('/');
        return conversation;
    }

    public async Task<ClaudeLaunchResult> LaunchAsync(bool hasHistory = false)
    {
        var binary = RepositoryRoot.Combine("node_modules", ".bin", "claude");
        var launcher = new ClaudeLauncher(binary, HostEnvironment, Users, TimeProvider.System, NullLogger<ClaudeLauncher>.Instance);
        var launch = new ClaudeLaunch
        {
            Folders = Folders,
            ClaudeSessionId = ClaudeSessionId,
            Profile = Profile,
            HasHistory = hasHistory,
        };
        var result = await launcher.StartAsync(launch, TestContext.Current.CancellationToken);
        if (result is ClaudeLaunchResult.Started(ClaudeProcess process, _))
        {
            _processes.Add(process);
        }

        return result;
    }

    public async Task<ClaudeProcess> StartAsync()
    {
        var started = Assert.IsType<ClaudeLaunchResult.Started>(await LaunchAsync());
        Assert.Null(started.Notice);
        return Assert.IsType<ClaudeProcess>(started.Process);
    }

    public Task<(TurnOutcome Outcome, string? Notice)> AskAsync(
        ClaudeProcess process,
        string turnId,
        string prompt,
        TurnBounds? bounds = null,
        ITurnObserver? observer = null) =>
        DeliverAsync(process, Prompt(turnId, prompt), bounds ?? Bounds, observer ?? SilentObserver.Instance, TestContext.Current.CancellationToken);

    public Task<(TurnOutcome Outcome, string? Notice)> AskUntilAsync(
        ClaudeProcess process,
        string turnId,
        string prompt,
        CancellationToken stopping) =>
        DeliverAsync(process, Prompt(turnId, prompt), Bounds, SilentObserver.Instance, stopping);

    public async Task<string> AskForTextAsync(ClaudeProcess process, string turnId, string prompt)
    {
        var (outcome, _) = await AskAsync(process, turnId, prompt);
        return Assert.IsType<TurnOutcome.Completed>(outcome).Answer.Text;
    }

    private async Task<(TurnOutcome Outcome, string? Notice)> DeliverAsync(
        ClaudeProcess process,
        TurnPrompt prompt,
        TurnBounds bounds,
        ITurnObserver observer,
        CancellationToken stopping)
    {
        var delivery = await new TurnDelivery(Transcript, 0, prompt, Profile.Replay).RunAsync(
            messageId => process.RunAsync(messageId, prompt, bounds, observer, stopping),
            firstGeneration: 0,
            mayBeKnown: process is { Resumed: true, Turns: 0 });
        return (delivery.Outcome, delivery.Notice);
    }

    private TurnPrompt Prompt(string turnId, string text) => new(SessionId, TurnId.Parse(turnId), text);

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
            Assert.Empty(ProcessFamily.FindMarked(process.Identity.Mark));
        }

        await Model.DisposeAsync();
        _folder.Dispose();
    }
}
