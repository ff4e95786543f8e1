using System.Collections.Concurrent;

namespace FunctionsBroker.Local.Functions.Tests.Harness;

/// <summary>What functions of a test app tell their test; a singleton of the app.</summary>
internal sealed class Signals
{
    private readonly ConcurrentQueue<string> _notes = new();

    public IReadOnlyCollection<string> Notes => _notes;

    public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Released { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Note(string text) => _notes.Enqueue(text);
}
