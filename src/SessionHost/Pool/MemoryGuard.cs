using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.SessionHost.Options;

namespace FunctionsBroker.SessionHost.Pool;

/// <summary>Looks at what the processes hold in memory, and closes those that hold too much: one by its profile's cap, or all together by the host's.</summary>
/// <remarks>Never in the middle of a turn. A closed process is resumed by its session's next turn.</remarks>
internal sealed class MemoryGuard(SessionHostOptions options, SessionPool pool, ReadyProcesses ready, TimeProvider time)
    : PeriodicCheck(options.MemoryCheckInterval, time)
{
    private const long Mebibyte = 1024 * 1024;
    private long _bytes;

    /// <summary>What all processes held when they were last looked at, with what they have started.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    protected override void Check()
    {
        var families = FamilyMemory.Read();
        var held = families.Values.Sum();
        Interlocked.Exchange(ref _bytes, held);
        pool.CloseOversized(families);
        if (options.MaxMemoryMb is { } limit && held > limit * Mebibyte)
        {
            Relieve(families, held - (limit * Mebibyte));
        }
    }

    private void Relieve(IReadOnlyDictionary<string, long> families, long excess)
    {
        // What nobody has used yet is missed least. How much it held is seen at the next look.
        if (!ready.TryDiscardOne())
        {
            pool.CloseIdleToFree(excess, families);
        }
    }
}
