using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.ClaudeCode.Launch;

/// <summary>User ids that no account has, one for each live process, so that the system itself keeps sessions apart.</summary>
/// <remarks>Needs root, or the capabilities to change ids and owners. Safe for concurrent use.</remarks>
/// <param name="first">The lowest id.</param>
/// <param name="last">The highest id; at least as many as processes may live.</param>
public sealed class SessionUsers(int first, int last)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<int> _free = new(Enumerable.Range(first, last - first + 1));
    private readonly Dictionary<RouteId, int> _latest = [];

    /// <summary>Takes an id that no live process has, the session's former one where it is free, and gives the session's folders to it.</summary>
    /// <exception cref="InvalidOperationException">All ids are in use.</exception>
    /// <exception cref="System.ComponentModel.Win32Exception">This process may not change owners.</exception>
    internal SessionUser Rent(SessionFolders folders)
    {
        var (user, isOwner) = Take(folders.Route);
        var rented = new SessionUser(user, () => Return(user));
        try
        {
            folders.GiveTo(user, alsoContent: !isOwner);
            return rented;
        }
        catch
        {
            rented.Dispose();
            throw;
        }
    }

    private (int User, bool IsOwner) Take(RouteId route)
    {
        lock (_lock)
        {
            if (_latest.TryGetValue(route, out var latest) && _free.Remove(latest))
            {
                return (latest, true);
            }

            // The one that has been free for longest.
            var node = _free.First ?? throw new InvalidOperationException("Every user id of Host:SessionUids is in use.");
            _free.Remove(node);
            foreach (var former in _latest.Where(entry => entry.Value == node.Value).Select(entry => entry.Key).ToList())
            {
                _latest.Remove(former);
            }

            _latest[route] = node.Value;
            return (node.Value, false);
        }
    }

    private void Return(int user)
    {
        // What the session may have left running must not meet the next session with this id.
        ProcessFamily.KillOwnedBy(user);
        lock (_lock)
        {
            _free.AddLast(user);
        }
    }
}

/// <summary>A user id that a process has for as long as it lives.</summary>
internal sealed class SessionUser(int id, Action give) : IDisposable
{
    private int _disposed;

    /// <summary>Has the process run as the user, in one group, and without a way to another.</summary>
    public CliLaunch Wrap(CliLaunch launch) => launch with
    {
        FileName = "setpriv",
        Arguments = [$"--reuid={id}", $"--regid={id}", "--clear-groups", "--no-new-privs", "--inh-caps=-all", "--", launch.FileName, .. launch.Arguments],
        Held = this,
    };

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            give();
        }
    }
}
