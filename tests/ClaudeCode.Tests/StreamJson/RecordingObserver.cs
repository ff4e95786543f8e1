using System.Collections.Concurrent;
using FunctionsBroker.ClaudeCode.Turns;

namespace FunctionsBroker.ClaudeCode.Tests.StreamJson;

/// <summary>Keeps what it is told, shows the text as a listener would, and answers questions as the test says.</summary>
internal sealed class RecordingObserver : ITurnObserver
{
    private readonly Lock _lock = new();
    private readonly List<TurnProgress> _progress = [];
    private string _text = string.Empty;

    public Func<PermissionQuestion, CancellationToken, Task<PermissionDecision>> OnQuestion { get; init; } =
        (_, _) => Task.FromResult<PermissionDecision>(new PermissionDecision.Deny("no"));

    public ConcurrentQueue<PermissionQuestion> Questions { get; } = new();

    public IReadOnlyList<TurnProgress> Progress
    {
        get
        {
            lock (_lock)
            {
                return [.. _progress];
            }
        }
    }

    /// <summary>What a listener shows now.</summary>
    public string Text
    {
        get
        {
            lock (_lock)
            {
                return _text;
            }
        }
    }

    public void Observe(TurnProgress progress)
    {
        lock (_lock)
        {
            _progress.Add(progress);
            _text = progress switch
            {
                TurnProgress.TextDelta(var text) => _text + text,
                TurnProgress.Reset(_, var kept) => _text[..(int)kept],
                _ => _text,
            };
        }
    }

    public Task<PermissionDecision> DecideAsync(PermissionQuestion question, CancellationToken cancellationToken)
    {
        Questions.Enqueue(question);
        return OnQuestion(question, cancellationToken);
    }
}
