namespace FunctionsBroker.SessionHost.Pool;

/// <summary>Looks at something again and again for as long as the host runs, an interval after its start for the first time.</summary>
internal abstract class PeriodicCheck(TimeSpan interval, TimeProvider time) : BackgroundService
{
    protected TimeProvider Time => time;

    protected abstract void Check();

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var timer = new PeriodicTimer(interval, time);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Check();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }
}
