using System.Diagnostics;
using System.Globalization;

namespace FunctionsBroker.Cli.Processes;

/// <summary>
/// A shell that outlives this process by a moment: it knows the process groups of the parts, and when this process dies
/// without having stopped them, it stops them.
/// </summary>
/// <remarks>It notices by the end of its standard input, which the kernel closes however this process dies.</remarks>
internal sealed class Guardian : IAsyncDisposable
{
    private const string Script = """
        trap '' HUP INT TERM
        declare -A groups
        while read -r change id; do
          if [[ $change == add ]]; then groups[$id]=1; else unset "groups[$id]"; fi
        done
        ((${#groups[@]} > 0)) || exit 0
        kill -TERM "${!groups[@]}" 2>/dev/null
        for ((tenths = 0; tenths < 30; tenths++)); do
          kill -0 "${!groups[@]}" 2>/dev/null || break
          sleep 0.1
        done
        for id in "${!groups[@]}"; do kill -KILL -- "-$id" 2>/dev/null; done
        exit 0
        """;

    private readonly Process _process;
    private readonly Lock _lock = new();

    private Guardian(Process process) => _process = process;

    public int Pid => _process.Id;

    public static Guardian Start()
    {
        var start = new ProcessStartInfo("setsid") { RedirectStandardInput = true };
        foreach (var argument in (string[])["bash", "-c", Script])
        {
            start.ArgumentList.Add(argument);
        }

        return new Guardian(Process.Start(start) ?? throw new UnreachableException());
    }

    /// <summary>From now on the group is stopped should this process die.</summary>
    public void Watch(int group) => Tell("add", group);

    /// <summary>The group is gone and its id may soon be another's.</summary>
    public void Forget(int group) => Tell("remove", group);

    /// <summary>Ends the guardian. Groups that it still watches are stopped by it.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _process.StandardInput.Close();
        }

        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private void Tell(string change, int group)
    {
        lock (_lock)
        {
            _process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{change} {group}"));
            _process.StandardInput.Flush();
        }
    }
}
