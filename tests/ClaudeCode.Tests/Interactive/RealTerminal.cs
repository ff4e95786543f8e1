using FunctionsBroker.ClaudeCode.Interactive;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.LoopbackModel;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace FunctionsBroker.ClaudeCode.Tests.Interactive;

/// <summary>One conversation with the pinned CLI in a terminal and the loopback model.</summary>
internal sealed class RealTerminal : IAsyncDisposable
{
    /// <summary>Polite, and patient with a machine that does much else.</summary>
    public static readonly CliStopBounds Stop = new(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(20));

    private readonly TempDirectory _folder = new();
    private readonly List<InteractiveProcess> _processes = [];

    private RealTerminal(LoopbackModelServer model, HookSink hooks)
    {
        Model = model;
        Hooks = hooks;
        Folders = new SessionFolders(_folder.Combine("work"), RouteId.NewRouteId());
        Folders.Create();
        Channel = new StubChannel(Path.Combine(Folders.Home, "broker.sock"));
        HostEnvironment["ANTHROPIC_BASE_URL"] = model.BaseUrl.ToString().TrimEnd('/');
    }

    public LoopbackModelServer Model { get; }

    public HookSink Hooks { get; }

    public StubChannel Channel { get; }

    public SessionFolders Folders { get; }

    public Guid ClaudeSessionId { get; set; } = Guid.NewGuid();

    public ClaudeProfile Profile { get; set; } = new() { Tools = "", SystemPrompt = "Answer." };

    public SessionUsers? Users { get; init; }

    public bool AcceptPrompts { get; set; }

    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(40);

    public Dictionary<string, string> HostEnvironment { get; } = new(StringComparer.Ordinal)
    {
        ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? string.Empty,
        ["ANTHROPIC_API_KEY"] = "sk-a-key-that-is-made-for-tests",
        ["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"] = "1",
        ["CLAUDE_CODE_MAX_RETRIES"] = "1",
    };

    public static string Binary => RepositoryRoot.Combine("node_modules", ".bin", "claude");

    public static async Task<RealTerminal> BeginAsync(SessionUsers? users = null)
    {
        var model = await LoopbackModelServer.StartAsync(new LoopbackModelOptions(), TestContext.Current.CancellationToken);
        var terminal = new RealTerminal(model, await HookSink.StartAsync()) { Users = users };
        if (users is not null)
        {
            terminal.LetOthersPass();
        }

        return terminal;
    }

    public async Task<InteractiveStart> LaunchAsync(Func<CancellationToken, Task>? ready = null)
    {
        var launcher = new ClaudeLauncher(Binary, HostEnvironment, Users, TimeProvider.System, NullLogger<ClaudeLauncher>.Instance);
        var launch = new ClaudeLaunch { Folders = Folders, ClaudeSessionId = ClaudeSessionId, Profile = Profile, HasHistory = false };
        var terms = new InteractiveLaunch { Hooks = Hooks.Address, Channel = Channel.Address, AcceptPrompts = AcceptPrompts, Patience = Patience };
        var start = await launcher.StartInteractiveAsync(launch, terms, ready ?? Channel.WhenReadyAsync, TestContext.Current.CancellationToken);
        if (start is InteractiveStart.Ready(var process))
        {
            Keep(process);
        }

        return start;
    }

    public async Task<InteractiveProcess> StartAsync()
    {
        var start = await LaunchAsync();
        Assert.False(start is InteractiveStart.Failed, start.ToString());
        return Assert.IsType<InteractiveStart.Ready>(start).Process;
    }

    /// <summary>Starts the CLI with none of its questions answered but the first, about its looks.</summary>
    public async Task<InteractiveStart> LaunchUnpreparedAsync()
    {
        var token = TestContext.Current.CancellationToken;
        await File.WriteAllTextAsync(Path.Combine(Folders.Config, ".claude.json"), """{"hasCompletedOnboarding":true,"theme":"dark"}""", token);
        var launch = new CliLaunch
        {
            FileName = Binary,
            Arguments = ["--strict-mcp-config", "--setting-sources", "", "--permission-mode", "manual"],
            WorkingDirectory = Folders.Work,
            Environment = ClaudeEnvironment.For(Folders, HostEnvironment, new Dictionary<string, string>()),
        };
        var terms = new InteractiveLaunch { Hooks = Hooks.Address, Channel = Channel.Address, AcceptPrompts = AcceptPrompts, Patience = Patience };
        var start = await InteractiveProcess.StartAsync(
            Terminal.Wrap(launch),
            terms,
            resume: false,
            (process, over) => Eventually.BecomesTrueAsync(() => process.Screen.Text.Contains("manual mode on", StringComparison.Ordinal), over),
            TimeProvider.System,
            NullLogger.Instance,
            token);
        if (start is InteractiveStart.Ready(var started))
        {
            Keep(started);
        }

        return start;
    }

    /// <summary>Types a prompt and waits for the end of its turn.</summary>
    /// <returns>The prompt as the CLI has reported it, and the model's answer.</returns>
    public async Task<(string Prompt, string Answer)> AskAsync(InteractiveProcess process, string prompt)
    {
        var token = TestContext.Current.CancellationToken;
        var (submits, stops) = (Hooks.Count("UserPromptSubmit"), Hooks.Count("Stop"));
        var submitted = Hooks.WaitAsync("UserPromptSubmit", submits, token);
        await process.Keyboard.TypeAsync(prompt, submitted, token);
        var stop = await Hooks.WaitAsync("Stop", stops, token);
        return ((await submitted).Field("prompt")!, stop.Field("last_assistant_message")!);
    }

    // The host does the same with its own folders; see IsolationCheck.
    private void LetOthersPass()
    {
        foreach (var path in (string[])[_folder.Path, _folder.Combine("work"), _folder.Combine("work", "sessions")])
        {
            File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.OtherExecute);
        }
    }

    public ChannelProbe Probe(InteractiveProcess process) => new(Folders.DebugLog, ChannelFiles.ServerName, process.Screen, TimeProvider.System);

    public void Keep(InteractiveProcess process) => _processes.Add(process);

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
            Assert.Empty(ProcessFamily.FindMarked(process.Identity.Mark));
        }

        await Channel.DisposeAsync();
        await Hooks.DisposeAsync();
        await Model.DisposeAsync();
        _folder.Dispose();
    }
}
