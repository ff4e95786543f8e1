using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.SessionHost.Orphans;

namespace FunctionsBroker.SessionHost.Soak;

/// <summary>Kills and stops a host's <c>claude</c> processes, as chance (with a fixed seed) will have it.</summary>
/// <remarks>
/// It strikes after so many turns and not after so much time: where everything takes longer, each turn would be struck
/// more often, and a slow machine would never come to the end of one.
/// </remarks>
/// <param name="liveFolder">Where the host writes down its live processes.</param>
/// <param name="turns">After how many ended turns it strikes once more.</param>
internal sealed class RandomKiller(string liveFolder, int turns) : IDisposable
{
    private const int Seed = 20261121;
    private const int StopsOneIn = 6;

    private readonly SemaphoreSlim _striking = new(1, 1);
    private readonly Random _random = new(Seed);
    private int _ended;

    public int Kills { get; private set; }

    public int Stops { get; private set; }

    /// <summary>A turn has ended; others run.</summary>
    public async Task NoteAsync()
    {
        if (Interlocked.Increment(ref _ended) % turns != 0)
        {
            return;
        }

        await _striking.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            var files = Directory.GetFiles(liveFolder, "*.json").Order(StringComparer.Ordinal).ToArray();
            if (files.Length > 0 && Read(files[_random.Next(files.Length)]) is { } process && process.IsAlive())
            {
                await StrikeAsync(process);
            }
        }
        finally
        {
            _striking.Release();
        }
    }

    public void Dispose() => _striking.Dispose();

    private async Task StrikeAsync(ProcessIdentity process)
    {
        if (_random.Next(StopsOneIn) > 0)
        {
            Kills++;
            process.Kill();
            return;
        }

        Stops++;
        using var kill = Process.Start("kill", ["-STOP", process.Pid.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(CancellationToken.None);
    }

    private static ProcessIdentity? Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(file), OrphansJsonContext.Default.LiveProcess)?.Process;
        }
        catch (FileNotFoundException)
        {
            // The process has just ended in the ordinary way.
            return null;
        }
    }
}
