using Microsoft.Extensions.Configuration;

namespace FunctionsBroker.FunctionsApp;

/// <summary>Holds functions until a test makes the file that the setting <c>Gate</c> names, and tells on standard output what they do.</summary>
internal sealed class Gate(IConfiguration configuration, TimeProvider time)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(20);

    public async Task PassAsync(string who)
    {
        await Console.Out.WriteLineAsync($"begin {who}");
        while (!File.Exists(configuration["Gate"]))
        {
            await Task.Delay(s_interval, time, CancellationToken.None);
        }

        await Console.Out.WriteLineAsync($"end {who}");
    }
}
