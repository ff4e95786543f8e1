using System.Collections.Concurrent;

namespace FunctionsBroker.Conformance.App.Observation;

/// <summary>What functions did, by topic, for the tests to look at.</summary>
public sealed class Journal(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<JournalEntry>> _topics = new();

    public Journal()
        : this(TimeProvider.System)
    {
    }

    /// <returns>How many entries the topic has now.</returns>
    public int Add(string topic, string text)
    {
        var entries = _topics.GetOrAdd(topic, static _ => new ConcurrentQueue<JournalEntry>());
        entries.Enqueue(new JournalEntry(text, time.GetUtcNow()));
        return entries.Count;
    }

    public IReadOnlyList<JournalEntry> Read(string topic) => _topics.TryGetValue(topic, out var entries) ? [.. entries] : [];
}
