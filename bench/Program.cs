using System.CommandLine;
using FunctionsBroker.Bench;

var turns = new Option<int>("--turns") { Description = "Warm turns of each kind.", DefaultValueFactory = _ => 200 };
var oneShots = new Option<int>("--one-shots") { Description = "Turns by 'claude -p --resume'.", DefaultValueFactory = _ => 30 };
var warmUp = new Option<int>("--warm-up") { Description = "Turns of each kind that are not counted.", DefaultValueFactory = _ => 20 };
var modelDelay = new Option<int>("--model-delay") { Description = "Milliseconds until the model begins to answer.", DefaultValueFactory = _ => 0 };
var pause = new Option<int>("--pause") { Description = "Milliseconds between two turns.", DefaultValueFactory = _ => 100 };
var root = new RootCommand("Measures what the broker adds to the claude CLI, side by side in one run.") { turns, oneShots, warmUp, modelDelay, pause };
root.SetAction((parsed, cancellationToken) => new WarmTurnBenchmark(
    parsed.GetValue(turns),
    parsed.GetValue(oneShots),
    parsed.GetValue(warmUp),
    TimeSpan.FromMilliseconds(parsed.GetValue(modelDelay)),
    TimeSpan.FromMilliseconds(parsed.GetValue(pause))).RunAsync(cancellationToken));
root.Add(HostCommand.Create());
root.Add(CostCommand.Create());
root.Add(ChannelCommand.Create());
return await root.Parse(args).InvokeAsync();
