using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.ClaudeCode.Turns;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Running;
using Microsoft.Extensions.Logging.Abstractions;

namespace FunctionsBroker.ClaudeCode.Tests.StreamJson;

/// <summary>A <see cref="ClaudeProcess"/> over the fake CLI.</summary>
internal sealed class FakeProcess : IAsyncDisposable
{
    public static readonly TurnBounds Bounds = new(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(5));

    private readonly TempDirectory _folder = new();
    private ClaudeProcess? _process;

    public ClaudeProcess Process => _process ?? throw new InvalidOperationException("It was not started.");

    /// <param name="mode">What is special from the start.</param>
    public static async Task<FakeProcess> StartAsync(string mode = "")
    {
        var fake = new FakeProcess();
        fake._process = Assert.IsType<ClaudeStart.Ready>(await fake.TryStartAsync(mode)).Process;
        return fake;
    }

    /// <param name="fault">What is wrong from the start.</param>
    public async Task<ClaudeStart> TryStartAsync(string fault, string? binary = null)
    {
        var launch = new CliLaunch
        {
            FileName = binary ?? FakeCliBinary.Create(_folder),
            Arguments = ["--session-id", Guid.NewGuid().ToString()],
            WorkingDirectory = _folder.Path,
            Environment = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? string.Empty,
                ["HOME"] = _folder.Path,
                ["CLAUDE_CODE_FAKE_START"] = fault,
            },
        };
        return await ClaudeProcess.StartAsync(
            launch,
            resume: false,
            background: false,
            TimeProvider.System,
            NullLogger.Instance,
            TestContext.Current.CancellationToken);
    }

    /// <param name="steps">What the fake does in this turn.</param>
    public Task<TurnOutcome> RunAsync(params string[] steps) => RunAsync(Bounds, steps);

    public Task<TurnOutcome> RunAsync(TurnBounds bounds, params string[] steps) =>
        RunAsync(Guid.NewGuid(), bounds, SilentObserver.Instance, steps);

    public Task<TurnOutcome> RunAsync(ITurnObserver observer, params string[] steps) =>
        RunAsync(Guid.NewGuid(), Bounds, observer, steps);

    public Task<TurnOutcome> RunAsync(Guid messageId, TurnBounds bounds, ITurnObserver observer, params string[] steps) =>
        Process.RunAsync(messageId, Prompt(string.Join('\n', steps)), bounds, observer, TestContext.Current.CancellationToken);

    public static TurnPrompt Prompt(string text) => new(SessionId.Parse("room:1"), TurnId.Parse("t1"), text);

    public async Task<string> RunForTextAsync(params string[] steps) =>
        Assert.IsType<TurnOutcome.Completed>(await RunAsync(steps)).Answer.Text;

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
            Assert.Empty(ProcessFamily.FindMarked(_process.Identity.Mark));
        }

        _folder.Dispose();
    }
}
