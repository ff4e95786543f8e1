using FunctionsBroker.ClaudeCode.Processes;

namespace FunctionsBroker.ClaudeCode.Launch;

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
