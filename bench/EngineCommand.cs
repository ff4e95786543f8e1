using System.CommandLine;

namespace FunctionsBroker.Bench;

/// <summary><c>engine</c>: what the local durable engine costs.</summary>
internal static class EngineCommand
{
    public static Command Create()
    {
        var runs = new Option<int>("--runs") { Description = "Orchestrations that run alone.", DefaultValueFactory = _ => 500 };
        var throughput = new Option<int>("--throughput") { Description = "Orchestrations that run 50 at a time.", DefaultValueFactory = _ => 2000 };
        var total = new Option<int>("--total") { Description = "Orchestrations over which memory is watched.", DefaultValueFactory = _ => 20_000 };
        var command = new Command("engine", "Measures the local durable engine on an Azurite of its own.") { runs, throughput, total };
        command.SetAction((parsed, cancellationToken) => new EngineBenchmark(
            parsed.GetValue(runs),
            parsed.GetValue(throughput),
            parsed.GetValue(total)).RunAsync(cancellationToken));
        return command;
    }
}
