using System.CommandLine;

namespace FunctionsBroker.Bench;

/// <summary><c>cost</c>: what a turn costs, memory of a session.</summary>
internal static class CostCommand
{
    public static Command Create()
    {
        var turns = new Option<int>("--turns") { Description = "Turns that are measured, twice.", DefaultValueFactory = _ => 500 };
        var pause = new Option<int>("--pause") { Description = "Milliseconds between two turns.", DefaultValueFactory = _ => 0 };
        var live = new Option<int>("--live") { Description = "Sessions whose process lives.", DefaultValueFactory = _ => 40 };
        var idle = new Option<int>("--idle") { Description = "Sessions whose process was closed.", DefaultValueFactory = _ => 300 };
        var command = new Command("cost", "Measures what a turn costs each process in processor time and requests to storage, and a session in memory.") { turns, pause, live, idle };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await new TurnCostBenchmark(parsed.GetValue(turns), TimeSpan.FromMilliseconds(parsed.GetValue(pause))).RunAsync(cancellationToken);
            await new MemoryBenchmark(parsed.GetValue(live), parsed.GetValue(idle)).RunAsync(cancellationToken);
            return 0;
        });
        return command;
    }
}
