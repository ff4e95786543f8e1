using System.Net.Sockets;
using System.Text.Json;
using System.Threading.Channels;
using FunctionsBroker.ClaudeCode.Channels;
using FunctionsBroker.ClaudeCode.Exchanges;
using FunctionsBroker.ClaudeCode.Hooks;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.ClaudeCode.Tests.StreamJson;
using FunctionsBroker.ClaudeCode.Transcripts;
using FunctionsBroker.ClaudeCode.Transports;
using FunctionsBroker.ClaudeCode.Turns;
using FunctionsBroker.Sessions.Attachments;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace FunctionsBroker.ClaudeCode.Tests.Channels;

/// <summary>The channel transport over a terminal in which nothing runs: the test itself plays the CLI, step by step.</summary>
internal sealed class PlayedCli : IAsyncDisposable
{
    private readonly TempDirectory _folder = new();
    private readonly HookRoutes _routes = new();
    private readonly Channel<JsonRpcNotification> _pushes = Channel.CreateUnbounded<JsonRpcNotification>();
    private readonly Channel<JsonRpcNotification> _decisions = Channel.CreateUnbounded<JsonRpcNotification>();
    private readonly string _debugLine;
    private NetworkStream? _stream;

    /// <param name="debugLine">What the CLI says of channels in its log; empty for nothing.</param>
    /// <param name="flush">How long the transcript may take after the hook that ends a turn; null for what is usual.</param>
    public PlayedCli(string debugLine = "", TimeSpan? flush = null)
    {
        _debugLine = debugLine;
        Folders = new SessionFolders(_folder.Combine("work"), RouteId.NewRouteId());
        Folders.Create();
        Directory.CreateDirectory(Path.GetDirectoryName(Transcript.Path)!);
        var binary = _folder.Combine("terminal-program");
        ExecutableScript.Write(binary, "#!/bin/sh\nexec tail -f /dev/null\n");
        Dictionary<string, string> environment = new() { ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? string.Empty };
        var launcher = new ClaudeLauncher(binary, environment, null, TimeProvider.System, NullLogger<ClaudeLauncher>.Instance);
        Launcher = new ChannelLauncher(launcher, _routes, _ => Task.FromResult<Uri?>(new Uri("http://127.0.0.1:1/")), TimeProvider.System, NullLogger<ChannelLauncher>.Instance)
        {
            Bounds = ChannelBounds.Default with { Flush = flush ?? ChannelBounds.Default.Flush },
        };
        Transport = new ChannelTransport(Launcher, TimeProvider.System);
        Session = new OneProcess(this);
    }

    public SessionFolders Folders { get; }

    public Guid ClaudeSessionId { get; } = Guid.NewGuid();

    public Transcript Transcript => Folders.Transcript(ClaudeSessionId);

    public ChannelLauncher Launcher { get; }

    public ChannelTransport Transport { get; }

    public OneProcess Session { get; }

    public RecordingObserver Observer { get; init; } = new();

    public McpClient? Client { get; private set; }

    public TurnBounds Bounds { get; init; } = new(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(40), TimeSpan.FromMilliseconds(500));

    public ClaudeProfile Profile { get; init; } = ProfileOf(arrival: TimeSpan.FromSeconds(30));

    public ClaudeLaunch Conversation => new() { Folders = Folders, ClaudeSessionId = ClaudeSessionId, Profile = Profile, HasHistory = false };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="arrival">How long a push is given to show a sign of its arrival.</param>
    public static ClaudeProfile ProfileOf(TimeSpan arrival) => new()
    {
        Channel = new ChannelProfile { Arrival = arrival, Probe = TimeSpan.FromMilliseconds(100) },
    };

    /// <summary>Gives the transport a turn.</summary>
    public Task<TransportResult> RunAsync(string turnId, CancellationToken stopping, bool mayHaveRun = false, IReadOnlyList<CheckedAttachment>? attachments = null) =>
        Transport.RunAsync(
            new TransportTurn
            {
                Prompt = new TurnPrompt(SessionId.Parse("room:1"), TurnId.Parse(turnId), "hello") { Attachments = attachments ?? [] },
                Conversation = Conversation,
                Observer = Observer,
                Process = Session,
                Untold = new UntoldExchanges(Folders.Exchanges),
                MayHaveRun = mayHaveRun,
            },
            Bounds,
            stopping);

    public Task<TransportResult> RunAsync(string turnId) => RunAsync(turnId, Cancellation);

    /// <summary>Waits for the next push.</summary>
    /// <returns>The prompt as the CLI makes it of the message.</returns>
    public async Task<string> PushedAsync()
    {
        var parameters = JsonSerializer.SerializeToElement((await _pushes.Reader.ReadAsync(Cancellation)).Params);
        return $"<channel source=\"broker\" turn_id=\"{parameters.GetProperty("meta").GetProperty("turn_id").GetString()}\">{parameters.GetProperty("content").GetString()}</channel>";
    }

    public int WaitingPushes => _pushes.Reader.Count;

    /// <summary>Waits for the answer to a question over the channel.</summary>
    public async Task<string?> DecidedAsync() =>
        JsonSerializer.SerializeToElement((await _decisions.Reader.ReadAsync(Cancellation)).Params).GetProperty("behavior").GetString();

    /// <summary>Sends a hook.</summary>
    /// <returns>What the CLI is told.</returns>
    public async Task<string> HookAsync(string name, object payload)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(payload);
        var told = await _routes.DeliverAsync(Folders.Route.Value, ReadSecret(), name, body, Cancellation);
        return Assert.IsType<HookDelivery.Accepted>(told).Answer.Json;
    }

    public Task SubmitAsync(string promptId, string prompt) => HookAsync("UserPromptSubmit", new { prompt_id = promptId, prompt });

    public Task StopAsync(string? promptId, string answer) => HookAsync("Stop", new { prompt_id = promptId, last_assistant_message = answer });

    public Task WritePromptAsync(string promptId, string prompt) =>
        WriteAsync(new { type = "user", promptId, uuid = Guid.NewGuid(), message = new { role = "user", content = prompt } });

    public Task WriteAnswerAsync(string text) => WriteAsync(new
    {
        type = "assistant",
        message = new { id = Guid.NewGuid(), content = new object[] { new { type = "text", text } }, stop_reason = "end_turn", usage = new { input_tokens = 5, output_tokens = 3 } },
    });

    public Task WriteCallAsync(string tool, object input) => WriteAsync(new
    {
        type = "assistant",
        message = new { id = Guid.NewGuid(), content = new object[] { new { type = "tool_use", id = "x", name = tool, input } }, stop_reason = "tool_use" },
    });

    public Task WriteEndAsync() => WriteAsync(new { type = "system", subtype = "turn_duration" });

    public Task WriteAsync(object line) => File.AppendAllTextAsync(Transcript.Path, JsonSerializer.Serialize(line) + "\n", Cancellation);

    /// <summary>Everything that a turn with an answer brings.</summary>
    public async Task AnswerAsync(string promptId, string prompt, string answer)
    {
        await SubmitAsync(promptId, prompt);
        await WritePromptAsync(promptId, prompt);
        await WriteAnswerAsync(answer);
        await StopAsync(promptId, answer);
    }

    public async ValueTask DisposeAsync()
    {
        await Session.DisposeAsync();
        await DisconnectAsync();
        _folder.Dispose();
    }

    /// <summary>Plays the start of the CLI: connects, and says what it has to say of channels.</summary>
    private async Task ConnectAsync()
    {
        await DisconnectAsync();
        await Eventually.BecomesTrueAsync(() => Task.FromResult(File.Exists(Folders.McpConfig)), Cancellation);
        await File.WriteAllTextAsync(Folders.DebugLog, _debugLine + "\n", Cancellation);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(new ChannelSocket(Folders.Home).Path), Cancellation);
        _stream = new NetworkStream(socket, ownsSocket: true);
        Client = await McpClient.CreateAsync(
            new StreamClientTransport(_stream, _stream),
            new McpClientOptions
            {
                ProtocolVersion = ChannelProtocol.Revision,
                Handlers = new McpClientHandlers
                {
                    NotificationHandlers =
                    [
                        new(ChannelProtocol.Push, (pushed, _) => _pushes.Writer.WriteAsync(pushed, CancellationToken.None)),
                        new(ChannelProtocol.PermissionAnswer, (decided, _) => _decisions.Writer.WriteAsync(decided, CancellationToken.None)),
                    ],
                },
            },
            cancellationToken: Cancellation);
    }

    /// <summary>The relay has ended.</summary>
    public async Task DisconnectAsync()
    {
        if (Client is { } client && _stream is { } stream)
        {
            Client = null;
            await client.DisposeAsync();
            await stream.DisposeAsync();
        }
    }

    private string ReadSecret() =>
        JsonElement.Parse(File.ReadAllBytes(Folders.Settings))
            .GetProperty("hooks").GetProperty("Stop")[0].GetProperty("hooks")[0].GetProperty("headers").GetProperty("Authorization").GetString()!["Bearer ".Length..];

    /// <summary>The session's process, as its owner has it.</summary>
    internal sealed class OneProcess(PlayedCli cli) : ISessionProcess, IAsyncDisposable
    {
        private ChannelProcess? _process;

        public IClaudeProcess? Live => _process is { IsAlive: true } ? _process : null;

        public ChannelProcess Process => _process ?? throw new InvalidOperationException("It was not started.");

        public int Starts { get; private set; }

        public async Task<ClaudeLaunchResult> StartAsync(IProcessLauncher launcher, CancellationToken stopping)
        {
            await ClearAsync(stopping);
            Starts++;
            File.Delete(cli.Folders.McpConfig);
            var connecting = cli.ConnectAsync();
            var result = await launcher.StartAsync(cli.Conversation, stopping);
            await connecting;
            _process = result is ClaudeLaunchResult.Started(ChannelProcess process, _) ? process : null;
            return result;
        }

        public async Task<Contracts.Problems.Problem?> ClearAsync(CancellationToken stopping)
        {
            await DisposeAsync();
            return null;
        }

        public Task EnterAsync(ProcessIdentity process) => Task.CompletedTask;

        public void Leave(ProcessIdentity process)
        {
        }

        public async ValueTask DisposeAsync()
        {
            if (_process is { } process)
            {
                await process.DisposeAsync();
                Assert.Empty(ProcessFamily.FindMarked(process.Identity.Mark));
            }
        }
    }
}
