using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.SessionHost.Orphans;

namespace FunctionsBroker.SessionHost.Soak;

/// <summary>Kills and stops a host's <c>claude</c> processes, as chance (with a fixed seed) will have it, until it is disposed.</summary>
internal sealed class RandomKiller : IAsyncDisposable
{
    private const int Seed = 20261121;
    private const int StopsOneIn = 6;

    private readonly CancellationTokenSource _disposing = new();
    private readonly Random _random = new(Seed);
    private readonly string _liveFolder;
    private readonly TimeSpan _interval;
    private readonly Task _running;
    private int _kills;
    private int _stops;

    /// <param name="liveFolder">Where the host writes down its live processes.</param>
    public RandomKiller(string liveFolder, TimeSpan interval)
    {
        _liveFolder = liveFolder;
        _interval = interval;
        _running = RunAsync();
    }

    public int Kills => _kills;

    public int Stops => _stops;

    public async ValueTask DisposeAsync()
    {
        await _disposing.CancelAsync();
        await _running;
        _disposing.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(_interval, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(_disposing.Token))
            {
                var files = Directory.Exists(_liveFolder) ? Directory.GetFiles(_liveFolder, "*.json").Order(StringComparer.Ordinal).ToArray() : [];
                if (files.Length > 0 && Read(files[_random.Next(files.Length)]) is { } process && process.IsAlive())
                {
                    await StrikeAsync(process);
                }
            }
        }
        catch (OperationCanceledException) when (_disposing.IsCancellationRequested)
        {
            // The soak is over.
        }
    }

    private async Task StrikeAsync(ProcessIdentity process)
    {
        if (_random.Next(StopsOneIn) > 0)
        {
            _kills++;
            process.Kill();
            return;
        }

        _stops++;
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
