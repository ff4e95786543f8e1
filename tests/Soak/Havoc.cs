using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using FunctionsBroker.Contracts.Endpoints;
using FunctionsBroker.TestKit.Running;

namespace FunctionsBroker.Soak;

/// <summary>Kills and stops parts of the system, as chance (with a fixed seed) will have it, until it is disposed.</summary>
internal sealed class Havoc : IAsyncDisposable
{
    private const int Seed = 20261121;

    // By turns and not by the clock: a slow machine gets as far as a fast one.
    private const int TurnsBetweenStrikes = 12;
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);

    /// <summary>A round in which each kind comes once; the order within a round is left to chance.</summary>
    public static StrikeKind[] EachOnce { get; } = Enum.GetValues<StrikeKind>();

    /// <summary>A round as a long run needs it.</summary>
    public static StrikeKind[] MostlyClaude { get; } =
    [
        .. Enumerable.Repeat(StrikeKind.Claude, 10), StrikeKind.Host, StrikeKind.Host, StrikeKind.HostDrain,
        StrikeKind.Front, StrikeKind.Worker, StrikeKind.Storage,
    ];

    private readonly ConcurrentQueue<Strike> _strikes = new();
    private readonly CancellationTokenSource _disposing = new();
    private readonly StrikeKind[] _round;
    private readonly Random _random = new(Seed);
    private readonly Func<EndpointsFile> _endpoints;
    private readonly string _dataPath;
    private readonly Func<int> _ended;
    private readonly Task _running;

    /// <param name="endpoints">Where the parts are now.</param>
    /// <param name="dataPath">Where the hosts keep their files.</param>
    /// <param name="round">How often each kind comes before all begin again.</param>
    /// <param name="ended">How many turns have ended.</param>
    public Havoc(Func<EndpointsFile> endpoints, string dataPath, StrikeKind[] round, Func<int> ended)
    {
        _round = round;
        _ended = ended;
        _endpoints = endpoints;
        _dataPath = dataPath;
        _running = RunAsync();
    }

    public IReadOnlyList<Strike> Strikes => [.. _strikes];

    public async ValueTask DisposeAsync()
    {
        await _disposing.CancelAsync();
        await _running;
        _disposing.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(s_look, TimeProvider.System);
        Queue<StrikeKind> round = new();
        var next = TurnsBetweenStrikes;
        try
        {
            while (await timer.WaitForNextTickAsync(_disposing.Token))
            {
                if (_ended() < next)
                {
                    continue;
                }

                if (round.Count == 0)
                {
                    var shuffled = _round.ToArray();
                    _random.Shuffle(shuffled);
                    round = new Queue<StrikeKind>(shuffled);
                }

                // One that found nobody to strike is tried again at the next look.
                if (await StrikeAsync(round.Peek()))
                {
                    _strikes.Enqueue(new Strike(round.Dequeue(), TimeProvider.System.GetUtcNow()));
                    next += TurnsBetweenStrikes;
                }
            }
        }
        catch (OperationCanceledException) when (_disposing.IsCancellationRequested)
        {
            // The soak is over.
        }
    }

    private async Task<bool> StrikeAsync(StrikeKind kind)
    {
        var endpoints = _endpoints();
        var host = endpoints.Hosts[_random.Next(endpoints.Hosts.Count)];
        return kind switch
        {
            StrikeKind.Claude => FindClaude(host) is { } pid && await Signals.SendAsync("KILL", pid),
            StrikeKind.Host => await Signals.SendAsync("KILL", host.Pid),
            StrikeKind.HostDrain => await Signals.SendAsync("TERM", host.Pid),
            StrikeKind.Front => await Signals.SendAsync("KILL", endpoints.Front.Pid),
            StrikeKind.Worker => FunctionsWorker.Find(endpoints.Front.Pid) is { } worker && await Signals.SendAsync("KILL", worker),
            StrikeKind.Storage => await Signals.SendAsync("TERM", endpoints.Storage.Pid),
            _ => throw new UnreachableException(),
        };
    }

    /// <returns>One of the processes that the host has written down.</returns>
    private int? FindClaude(HostEndpoint host)
    {
        var folder = Path.Combine(_dataPath, "hosts", host.Id, "live");
        try
        {
            var files = Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal).ToArray();
            if (files.Length == 0)
            {
                return null;
            }

            using var live = JsonDocument.Parse(File.ReadAllBytes(files[_random.Next(files.Length)]));
            return live.RootElement.GetProperty("process").GetProperty("pid").GetInt32();
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            // The host has just begun, or the process has just ended.
            return null;
        }
    }
}
