using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Functions.Turns;

/// <summary>Does what concerns one session one at a time, in the order in which it was asked for.</summary>
/// <remarks>
/// Of this instance of the front only: turns that instances add to one session at the same moment find their order in
/// the Turns table. Thread-safe.
/// </remarks>
internal sealed class SessionLines
{
    private readonly Lock _lock = new();
    private readonly Dictionary<SessionId, Task> _last = [];

    /// <param name="work">Begins when everything that was asked for before it, for the same session, has ended in whatever way.</param>
    public async Task<T> RunAsync<T>(SessionId session, Func<Task<T>> work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task before;
        lock (_lock)
        {
            before = _last.GetValueOrDefault(session, Task.CompletedTask);
            _last[session] = done.Task;
        }

        try
        {
            await before;
            return await work();
        }
        finally
        {
            lock (_lock)
            {
                if (_last[session] == done.Task)
                {
                    _last.Remove(session);
                }
            }

            done.SetResult();
        }
    }
}
