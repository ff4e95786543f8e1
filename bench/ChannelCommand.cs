using System.CommandLine;

namespace FunctionsBroker.Bench;

/// <summary><c>channel</c>: what the channel transport costs a turn.</summary>
internal static class ChannelCommand
{
    public static Command Create()
    {
        var turns = new Option<int>("--turns") { Description = "Warm turns of each kind.", DefaultValueFactory = _ => 100 };
        var pushes = new Option<int>("--pushes") { Description = "Messages that are only pushed.", DefaultValueFactory = _ => 1000 };
        var command = new Command("channel", "Measures a push, and warm turns over a channel beside the same over stream-json.") { turns, pushes };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await PushBenchmark.RunAsync(parsed.GetValue(pushes), cancellationToken);
            await new ChannelBenchmark(parsed.GetValue(turns)).RunAsync(cancellationToken);
            return 0;
        });
        return command;
    }
}
