using System.Globalization;
using FunctionsBroker.Cli.Conversation;
using FunctionsBroker.Cli.Stack;
using FunctionsBroker.Contracts.Queues;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.Cli.Demo;

/// <summary>The demo's script: three conversations, then a session host that dies in the middle of a turn.</summary>
internal sealed class DemoShow : IDisposable
{
    private readonly BrokerStack _stack;
    private readonly Stage _stage;
    private readonly TimeProvider _time;
    private readonly FrontClient _front;
    private readonly QueueWay _queue;
    private readonly List<TimeSpan> _warmTurns = [];

    // A folder given with --data may hold the sessions of an earlier demo.
    private readonly string _run = Guid.NewGuid().ToString("N")[..4];
    private bool _held = true;

    public DemoShow(BrokerStack stack, Stage stage, TimeProvider time)
    {
        _stack = stack;
        _stage = stage;
        _time = time;
        var endpoints = stack.Endpoints;
        _front = new FrontClient(endpoints.Front.Url, endpoints.Front.Key, time);
        _queue = new QueueWay(endpoints.Storage.ConnectionString, time);
    }

    /// <summary>Plays all of it.</summary>
    /// <returns>Whether every step held.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        await _queue.CreateQueuesAsync(cancellationToken);
        _stage.Heading();
        await ConverseAsync("ada", "teal", _ => DemoWay.Http, cancellationToken);
        await ConverseAsync("bob", "plum", _ => DemoWay.Queue, cancellationToken);
        await ConverseAsync("cleo", "rust", number => number % 2 == 0 ? DemoWay.Queue : DemoWay.Http, cancellationToken);
        _warmTurns.Sort();
        _stage.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{_warmTurns.Count} warm turns, each in the process of the turn before; median {_warmTurns[_warmTurns.Count / 2].TotalMilliseconds:0} ms"));

        var crash = new DemoCrash(_stack, _stage, _front, _queue, _time);
        Note(await crash.RunAsync(SessionId("ada"), cancellationToken));
        _stage.Say(_held ? "every step held" : "not every step held");
        return _held;
    }

    public void Dispose() => _front.Dispose();

    private async Task ConverseAsync(string name, string colour, Func<int, DemoWay> wayOf, CancellationToken cancellationToken)
    {
        TurnProcess? first = null;
        var number = 0;
        foreach (var line in DemoLine.Script(name, colour))
        {
            number++;
            var turn = await AskAsync(SessionId(name), number, wayOf(number), line.Prompt, cancellationToken);
            var faults = TurnChecks.Faults(turn, line.Expected, first);
            _stage.Show(turn, faults);
            Note(faults.Count == 0);
            if (first is null)
            {
                first = turn.Attempts.Count > 0 ? turn.Attempts[^1].Process : null;
            }
            else
            {
                _warmTurns.Add(turn.Elapsed);
            }
        }
    }

    private async Task<DemoTurn> AskAsync(string sessionId, int number, DemoWay way, string prompt, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        var turn = new DemoTurn
        {
            SessionId = sessionId,
            Number = number,
            Way = way,
            Prompt = prompt,
            Status = TurnStatus.Queued,
            Attempts = [],
            Elapsed = default,
        };
        if (way == DemoWay.Http)
        {
            var answer = await _front.AskAsync(sessionId, new SubmitTurnRequest { Prompt = prompt }, cancellationToken);
            return turn with { Status = answer.Status, Text = answer.Reply?.Text, Attempts = answer.Attempts, Elapsed = _time.GetElapsedTime(started) };
        }

        var turnId = Guid.NewGuid().ToString("N");
        await _queue.SendAsync(new TurnMessage { SpecVersion = "1.0", TurnId = turnId, SessionId = sessionId, Prompt = prompt }, cancellationToken);
        var reply = await _queue.ReplyAsync(turnId, cancellationToken);
        return turn with { Status = reply.Status, Text = reply.Text, Attempts = reply.Attempts, Elapsed = _time.GetElapsedTime(started) };
    }

    private string SessionId(string name) => $"{name}-{_run}";

    private void Note(bool held) => _held &= held;
}
