using FunctionsBroker.ClaudeCode.Exchanges;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.ClaudeCode.Transports;
using FunctionsBroker.ClaudeCode.Turns;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Bench;

/// <summary>A conversation over one transport, without a host around it.</summary>
internal sealed class BenchedConversation(ITransport transport, SessionFolders folders) : ISessionProcess, IAsyncDisposable
{
    private static readonly TurnBounds s_bounds = new(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(5));
    private readonly Guid _claudeSession = Guid.NewGuid();
    private IClaudeProcess? _process;
    private int _turns;

    public IClaudeProcess? Live => _process is { IsAlive: true } ? _process : null;

    private ClaudeLaunch Conversation => new()
    {
        Folders = folders,
        ClaudeSessionId = _claudeSession,
        Profile = new ClaudeProfile
        {
            Tools = "",
            SystemPrompt = "Answer.",
            Channel = new ChannelProfile { TypedInput = true, Arrival = TimeSpan.FromSeconds(30) },
        },
        HasHistory = false,
    };

    /// <exception cref="InvalidOperationException">The turn was not answered.</exception>
    public async Task<string> AskAsync(string prompt, CancellationToken cancellationToken)
    {
        var result = await transport.RunAsync(
            new TransportTurn
            {
                Prompt = new TurnPrompt(SessionId.Parse("bench"), TurnId.Parse($"t{_turns++}"), prompt),
                Conversation = Conversation,
                Observer = SilentObserver.Instance,
                Process = this,
                Untold = new UntoldExchanges(folders.Exchanges),
            },
            s_bounds,
            cancellationToken);
        return result.Outcome is TurnOutcome.Completed(var answer)
            ? answer.Text
            : throw new InvalidOperationException($"'{transport.Name}' did not answer: {result.Outcome}");
    }

    public async Task<ClaudeLaunchResult> StartAsync(IProcessLauncher launcher, CancellationToken stopping)
    {
        var result = await launcher.StartAsync(Conversation, stopping);
        _process = (result as ClaudeLaunchResult.Started)?.Process;
        return result;
    }

    public async Task<Problem?> ClearAsync(CancellationToken stopping)
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
            _process = null;
            await process.DisposeAsync();
        }
    }
}
