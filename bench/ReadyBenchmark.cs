using System.Globalization;

namespace FunctionsBroker.Bench;

/// <summary>The first turn of a new session, with a process that was ready and with one that has to be started.</summary>
internal sealed class ReadyBenchmark(int turns)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, string> settings = new()
        {
            ["Host__MaxSessions"] = "200",
            ["Host__Profiles__ready__Prewarmed"] = "1",
        };
        await using var host = await BenchedHost.StartAsync(settings, cancellationToken);
        await host.AskAsync("warm-up", "hello", cancellationToken);
        var ready = new Measurement("first turn, process ready");
        var cold = new Measurement("first turn, process started for it");
        var warm = new Measurement("second turn");
        for (var turn = 0; turn < turns; turn++)
        {
            while (await host.ReadGaugeAsync("broker_processes_ready", cancellationToken) < 1)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
            }

            ready.Add((await host.AskAsync($"ready{turn}", $"hello {turn}", cancellationToken, "ready")).Overhead);
            warm.Add((await host.AskAsync($"ready{turn}", $"hello again {turn}", cancellationToken)).Overhead);
            cold.Add((await host.AskAsync($"cold{turn}", $"hello {turn}", cancellationToken)).Overhead);
        }

        Table.Write([ready, cold, warm]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Ready against started: {ready.Quantile(0.5) / cold.Quantile(0.5):f2}."));
        Console.WriteLine();
    }
}
