using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using FunctionsBroker.ClaudeCode.Turns;
using FunctionsBroker.Contracts.Events;
using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.SessionHost.Events;

/// <summary>Stands between a turn and those who listen to it: what happens goes out, decisions come in.</summary>
/// <remarks>Safe for concurrent use. What nobody listens to costs a copy of the text.</remarks>
internal sealed class TurnRelay : ITurnObserver
{
    /// <summary>A tool's arguments above this size, in bytes of JSON, are not in its question; the tool's own event has their beginning.</summary>
    public const int MaxInputBytes = 64 * 1024;

    /// <summary>Questions that are remembered once they are settled, to tell a late answer from a wrong one.</summary>
    private const int MaxQuestions = 1000;

    private readonly PermissionPolicy _policy;
    private readonly Action<TurnRelay> _ended;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, RelayedQuestion> _questions = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _openQuestions;
    private long _toldCharacters;

    /// <param name="ended">Called when the last event has been told.</param>
    public TurnRelay(PermissionPolicy policy, int maxLogBytes, Action<TurnRelay> ended, TimeProvider time)
    {
        _policy = policy;
        _ended = ended;
        _time = time;
        Log = new TurnEventLog(maxLogBytes);
        Log.Append(new TurnEvent.Started(time.GetUtcNow()), size: 0);
    }

    /// <summary>Tells this run of a turn from others of the same turn, here or on other hosts.</summary>
    public string Run { get; } = Guid.NewGuid().ToString("N")[..12];

    public TurnEventLog Log { get; }

    /// <summary>When the last event was told; null while more may come.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>Completes when the last event has been told.</summary>
    public Task Ended => _over.Task;

    /// <summary>Whether the turn stands still until somebody decides something.</summary>
    public bool IsWaiting => Volatile.Read(ref _openQuestions) > 0;

    public void Observe(TurnProgress progress)
    {
        switch (progress)
        {
            case TurnProgress.TextDelta(var text):
                _toldCharacters += text.Length;
                Log.Append(text);
                break;
            case TurnProgress.ToolStarted(var id, var name, var input):
                Log.Append(
                    new TurnEvent.Tool(id, ToolState.Started) { Name = name, Input = input },
                    (id.Length + name.Length + input.Length) * sizeof(char));
                break;
            case TurnProgress.ToolEnded(var id, var isError, var output):
                Log.Append(
                    new TurnEvent.Tool(id, ToolState.Ended) { IsError = isError, Output = output },
                    (id.Length + output.Length) * sizeof(char));
                break;
            case TurnProgress.Reset(var reason, var keptCharacters):
                _toldCharacters = Math.Min(_toldCharacters, keptCharacters);
                Log.Reset(reason, keptCharacters);
                break;
        }
    }

    public async Task<PermissionDecision> DecideAsync(PermissionQuestion question, CancellationToken cancellationToken)
    {
        if (!_policy.Relayed)
        {
            return new PermissionDecision.Deny("The session's profile lets nobody be asked.");
        }

        var relayed = new RelayedQuestion();
        if (_questions.Count >= MaxQuestions || !_questions.TryAdd(relayed.RequestId, relayed))
        {
            return new PermissionDecision.Deny("The turn has asked too often.");
        }

        Interlocked.Increment(ref _openQuestions);
        Tell(relayed, question);
        try
        {
            await relayed.Settled.WaitAsync(_policy.Timeout, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            relayed.TrySettle(PermissionState.Expired, new PermissionDecision.Deny($"Nobody answered within {_policy.Timeout.TotalSeconds:0} seconds."));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            relayed.TrySettle(PermissionState.Withdrawn, new PermissionDecision.Deny("The question was withdrawn."));
        }

        var decision = await relayed.Settled;
        Interlocked.Decrement(ref _openQuestions);
        Log.Append(new TurnEvent.Permission(relayed.RequestId, relayed.State), relayed.RequestId.Length * sizeof(char));
        return decision;
    }

    /// <summary>Takes somebody's decision.</summary>
    /// <returns>Null when it counts; else why it does not. The absence of a question of that name is no answer of this type: see <see cref="HasAsked"/>.</returns>
    public Problem? Decide(string requestId, PermissionDecision decision)
    {
        var question = _questions[requestId];
        var state = decision is PermissionDecision.Allow ? PermissionState.Allowed : PermissionState.Denied;
        return question.TrySettle(state, decision) ? null : ProblemCatalogue.PermissionSettled(Name(question.State));
    }

    /// <summary>Whether there was such a question in the turn.</summary>
    public bool HasAsked(string requestId) => _questions.ContainsKey(requestId);

    /// <summary>Tells the last event.</summary>
    public void End(TurnEvent last)
    {
        if (EndedAt is null)
        {
            EndedAt = _time.GetUtcNow();
            if (last is TurnEvent.Completed(var answer) && _toldCharacters == 0)
            {
                // An answer that was found, and not given just now, came in no pieces.
                Log.Append(answer.Text);
            }

            Log.Append(last, last is TurnEvent.Completed(var reply) ? reply.Text.Length * sizeof(char) : 0);
            _over.TrySetResult();
            _ended(this);
        }
    }

    private static string Name(PermissionState state) =>
        state switch
        {
            PermissionState.Allowed => "allowed",
            PermissionState.Denied => "denied",
            PermissionState.Expired => "expired, which counts as denied",
            _ => "withdrawn",
        };

    private void Tell(RelayedQuestion relayed, PermissionQuestion question)
    {
        var inputBytes = JsonMarshal.GetRawUtf8Value(question.Input).Length;
        var told = new TurnEvent.Permission(relayed.RequestId, PermissionState.Asked)
        {
            ToolName = question.ToolName,
            ToolId = question.ToolUseId,
            Input = inputBytes <= MaxInputBytes ? question.Input : null,
            Description = question.Description,
            ExpiresAt = _time.GetUtcNow() + _policy.Timeout,
        };
        Log.Append(told, Math.Min(inputBytes, MaxInputBytes) + (((question.Description?.Length ?? 0) + question.ToolName.Length) * sizeof(char)));
    }
}
