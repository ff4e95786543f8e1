using System.Collections.Concurrent;

namespace FunctionsBroker.Conformance.App.Observation;

/// <summary>What functions did, by topic, for the tests to look at.</summary>
public sealed class Journal(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<JournalEntry>> _topics = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _begun = new();

    public Journal()
        : this(TimeProvider.System)
    {
    }

    /// <returns>How many entries the topic has now.</returns>
    public int Add(string topic, string text)
    {
        var entries = _topics.GetOrAdd(topic, static _ => new ConcurrentQueue<JournalEntry>());
        entries.Enqueue(new JournalEntry(text, time.GetUtcNow()));
        BegunOf(topic).TrySetResult();
        return entries.Count;
    }

    /// <summary>Waits until the topic has an entry.</summary>
    public Task WaitAsync(string topic, CancellationToken cancellationToken) => BegunOf(topic).Task.WaitAsync(cancellationToken);

    public IReadOnlyList<JournalEntry> Read(string topic) => _topics.TryGetValue(topic, out var entries) ? [.. entries] : [];

    private TaskCompletionSource BegunOf(string topic) =>
        _begun.GetOrAdd(topic, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
