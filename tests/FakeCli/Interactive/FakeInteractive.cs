using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace FunctionsBroker.FakeCli.Interactive;

/// <summary>
/// A <c>claude</c> in a terminal whose channels work: it connects to its MCP server, runs a turn for what is pushed,
/// reports by hooks and writes the transcript, in the order and the forms measured of the CLI. What is to go wrong is
/// named in the message itself.
/// </summary>
/// <remarks>
/// Faults of the push: <c>drop N</c> (the first N in a process are lost), <c>delay MS</c> (the first takes this long),
/// <c>twice</c>. Of the hooks: <c>no-submit</c>, <c>no-stop</c>, <c>stop-twice</c>, <c>stop-late MS</c>, <c>stop-first</c>
/// (before the transcript is written). Of the process, once in a session: <c>kill</c> in mid-turn, <c>kill-answered</c>.
/// The variable CLAUDE_CODE_FAKE_CHANNELS is what the CLI says in its log when it offers no channels. And <c>no-end</c> leaves the line out with which a turn ends in the transcript; <c>reply</c> answers by the tool.
/// </remarks>
internal sealed class FakeInteractive : IDisposable
{
    private static readonly TimeSpan s_flush = TimeSpan.FromMilliseconds(30);
    private readonly FakeOptions _options;
    private readonly FakeHooks _hooks;
    private readonly FakeTranscript _transcript;
    private readonly FakeMcpClient _server;
    private readonly Channel<PushedTurn> _queue = Channel.CreateUnbounded<PushedTurn>();
    private readonly Dictionary<string, int> _deliveries = new(StringComparer.Ordinal);
    private readonly HashSet<string> _doubled = new(StringComparer.Ordinal);
    private readonly List<Task> _late = [];

    private FakeInteractive(FakeOptions options)
    {
        _options = options;
        _hooks = new FakeHooks(options);
        _transcript = new FakeTranscript(options.Transcript);
        _server = new FakeMcpClient(options.McpConfig);
    }

    public static async Task<int> RunAsync(string[] arguments)
    {
        var options = FakeOptions.Read(arguments);
        var exists = File.Exists(options.Transcript);
        if (exists != options.Resumes)
        {
            await Console.Out.WriteAsync(options.Resumes
                ? $"No conversation found with session ID: {options.SessionId}\r\n"
                : $"Error: Session ID {options.SessionId} is already in use.\r\n");
            return 1;
        }

        using var cli = new FakeInteractive(options);
        await cli.RunAsync();
        return 0;
    }

    public void Dispose()
    {
        _hooks.Dispose();
        _server.Dispose();
    }

    private async Task RunAsync()
    {
        var refusal = Environment.GetEnvironmentVariable("CLAUDE_CODE_FAKE_CHANNELS");
        var reading = _server.ReadAsync(pushed =>
        {
            if (refusal is null)
            {
                Take(new PushedTurn(pushed));
            }
        });
        await _server.InitializeAsync();
        await File.AppendAllTextAsync(
            _options.DebugFile,
            $"[DEBUG] MCP server \"broker\": {refusal ?? "Channel notifications registered"}\n");
        await foreach (var turn in _queue.Reader.ReadAllAsync())
        {
            await RunAsync(turn);
        }

        await reading;
        await Task.WhenAll(_late);
    }

    private void Take(PushedTurn turn)
    {
        var delivery = _deliveries[turn.TurnId] = _deliveries.GetValueOrDefault(turn.TurnId) + 1;
        if (delivery <= turn.Number("drop"))
        {
            return;
        }

        if (delivery == 1 && turn.Has("delay"))
        {
            _late.Add(AfterAsync(turn.Time("delay"), () => _queue.Writer.WriteAsync(turn).AsTask()));
            return;
        }

        _queue.Writer.TryWrite(turn);
    }

    private async Task RunAsync(PushedTurn turn)
    {
        var promptId = Guid.NewGuid().ToString("D");
        if (turn.Has("twice") && _doubled.Add(turn.TurnId))
        {
            // Behind the running turn, where the CLI queues what comes meanwhile.
            _queue.Writer.TryWrite(turn);
        }

        if (!turn.Has("no-submit"))
        {
            await _hooks.SendAsync("UserPromptSubmit", new JsonObject { ["prompt_id"] = promptId, ["prompt"] = turn.Prompt });
        }

        _transcript.Prompt(promptId, turn.Prompt);
        KillAt("kill", turn);
        var answer = turn.Answer;
        if (turn.Has("reply"))
        {
            await _server.ReplyAsync(turn.TurnId, turn.Answer);
            answer = "Replied.";
        }

        if (turn.Has("stop-first"))
        {
            await StopAsync(turn, promptId, answer);
            await Task.Delay(s_flush, TimeProvider.System);
            _transcript.Answer(answer);
        }
        else
        {
            _transcript.Answer(answer);
            KillAt("kill-answered", turn);
            await StopAsync(turn, promptId, answer);
        }

        if (!turn.Has("no-end"))
        {
            _transcript.End();
        }
    }

    private async Task StopAsync(PushedTurn turn, string promptId, string answer)
    {
        if (turn.Has("no-stop"))
        {
            return;
        }

        if (turn.Has("stop-late"))
        {
            _late.Add(AfterAsync(turn.Time("stop-late"), SendAsync));
            return;
        }

        await SendAsync();
        if (turn.Has("stop-twice"))
        {
            await SendAsync();
        }

        Task SendAsync() =>
            _hooks.SendAsync("Stop", new JsonObject { ["prompt_id"] = promptId, ["stop_hook_active"] = false, ["last_assistant_message"] = answer.TrimEnd() });
    }

    // Once in a session: the turn is done again by the next process.
    private static void KillAt(string place, PushedTurn turn)
    {
        var mark = $"{place}-{turn.TurnId}";
        if (!turn.Has(place) || File.Exists(mark))
        {
            return;
        }

        File.WriteAllText(mark, string.Empty);
        Process.GetCurrentProcess().Kill();
    }

    private static async Task AfterAsync(TimeSpan delay, Func<Task> act)
    {
        await Task.Delay(delay, TimeProvider.System);
        await act();
    }
}
