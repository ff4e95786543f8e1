using System.CommandLine;
using FunctionsBroker.Bench;

var turns = new Option<int>("--turns") { Description = "Warm turns of each kind.", DefaultValueFactory = _ => 200 };
var oneShots = new Option<int>("--one-shots") { Description = "Turns by 'claude -p --resume'.", DefaultValueFactory = _ => 30 };
var warmUp = new Option<int>("--warm-up") { Description = "Turns of each kind that are not counted.", DefaultValueFactory = _ => 20 };
var root = new RootCommand("Measures what the broker adds to the claude CLI, side by side in one run.") { turns, oneShots, warmUp };
root.SetAction((parsed, cancellationToken) => new WarmTurnBenchmark(
    parsed.GetValue(turns),
    parsed.GetValue(oneShots),
    parsed.GetValue(warmUp)).RunAsync(cancellationToken));
root.Add(EngineCommand.Create());
root.Add(HostCommand.Create());
root.Add(CostCommand.Create());
root.Add(ChannelCommand.Create());
return await root.Parse(args).InvokeAsync();
