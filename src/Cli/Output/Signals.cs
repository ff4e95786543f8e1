using System.Runtime.InteropServices;

namespace FunctionsBroker.Cli.Output;

/// <summary>Ctrl-C and the signals to stop: the first asks to stop in good order, the second to stop at once.</summary>
/// <remarks>
/// With <c>BROKER_PARENT_WATCH=1</c> in the environment the end of standard input counts as the first: a program that
/// starts the broker then needs only to die for the broker to stop.
/// </remarks>
internal sealed class Signals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _now = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Task _parentWatch;

    public Signals()
    {
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal),
        ];
        _parentWatch = Environment.GetEnvironmentVariable("BROKER_PARENT_WATCH") == "1" ? WatchParentAsync() : Task.CompletedTask;
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Cancelled by the second signal.</summary>
    public CancellationToken Now => _now.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        // A read of standard input cannot be cancelled; while one is out, the source it would cancel stays.
        if (_parentWatch.IsCompleted)
        {
            _stop.Dispose();
        }

        _now.Dispose();
    }

    private async Task WatchParentAsync()
    {
        await using var input = Console.OpenStandardInput();
        var buffer = new byte[256];
        while (await input.ReadAsync(buffer, CancellationToken.None) > 0)
        {
            // Nothing is expected there but its end.
        }

        await _stop.CancelAsync();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        (_stop.IsCancellationRequested ? _now : _stop).Cancel();
    }
}
