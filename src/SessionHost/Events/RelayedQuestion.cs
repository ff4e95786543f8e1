using FunctionsBroker.ClaudeCode.Turns;
using FunctionsBroker.Contracts.Events;

namespace FunctionsBroker.SessionHost.Events;

/// <summary>A question that listeners were asked. It is settled once, by whoever comes first.</summary>
internal sealed class RelayedQuestion
{
    private readonly TaskCompletionSource<PermissionDecision> _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state = (int)PermissionState.Asked;

    /// <summary>For the wire: what the CLI calls it is only unique within a process, and may hold anything.</summary>
    public string RequestId { get; } = Guid.NewGuid().ToString("N");

    public PermissionState State => (PermissionState)Volatile.Read(ref _state);

    public Task<PermissionDecision> Settled => _settled.Task;

    /// <returns>False when it has been settled already.</returns>
    public bool TrySettle(PermissionState state, PermissionDecision decision)
    {
        if (Interlocked.CompareExchange(ref _state, (int)state, (int)PermissionState.Asked) != (int)PermissionState.Asked)
        {
            return false;
        }

        _settled.SetResult(decision);
        return true;
    }
}

/// <summary>What becomes of the questions in a turn.</summary>
/// <param name="Relayed">Whether listeners are asked; otherwise everything is denied.</param>
/// <param name="Timeout">How long a question waits for its answer.</param>
internal readonly record struct PermissionPolicy(bool Relayed, TimeSpan Timeout);
