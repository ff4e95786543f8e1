using System.Collections.Concurrent;

namespace FunctionsBroker.Api.Tests.Fuzz;

/// <summary>What became of what was sent. Thread-safe.</summary>
internal sealed class FuzzOutcome(Action<string> show)
{
    private readonly ConcurrentDictionary<(string Session, string Turn), bool> _accepted = new();
    private readonly ConcurrentDictionary<int, int> _statuses = new();
    private readonly ConcurrentQueue<string> _faults = new();

    /// <summary>What was not as promised.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    /// <summary>Every turn that the broker said it has taken.</summary>
    public ICollection<(string Session, string Turn)> Accepted => _accepted.Keys;

    public void Accept(string session, string turn) => _accepted.TryAdd((session, turn), true);

    /// <summary>Notes a fault, and shows it at once: what follows may take long.</summary>
    public void Fault(string fault)
    {
        _faults.Enqueue(fault);
        show(fault);
    }

    public void Count(int status) => _statuses.AddOrUpdate(status, 1, (_, count) => count + 1);

    public int CountOf(int status) => _statuses.GetValueOrDefault(status);

    public override string ToString() =>
        $"{Accepted.Count} turns; {string.Join(", ", _statuses.OrderBy(status => status.Key).Select(status => $"{status.Value} x {status.Key}"))}";
}
