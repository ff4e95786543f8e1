using System.Diagnostics;
using System.Globalization;
using FunctionsBroker.ClaudeCode.Channels;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.Transports;
using FunctionsBroker.LoopbackModel;
using FunctionsBroker.LoopbackModel.Conversations;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Running;
using Microsoft.Extensions.Logging.Abstractions;

namespace FunctionsBroker.Bench;

/// <summary>
/// Warm turns over a channel beside the same over stream-json, in alternation and without a host around them: pushed to
/// the scripted stand-in, whose channels work, and typed to the real CLI, where the vendor offers none.
/// </summary>
internal sealed class ChannelBenchmark(int turns)
{
    private const int WarmUp = 10;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var folder = new TempDirectory();
        await CompareAsync(FakeCliBinary.Create(folder), "the scripted stand-in", "pushed to", "say turn", cancellationToken);
        await CompareAsync(RepositoryRoot.Combine("node_modules", ".bin", "claude"), "claude", "typed to the terminal of", "turn", cancellationToken);
    }

    private async Task CompareAsync(string binary, string name, string delivered, string prompt, CancellationToken cancellationToken)
    {
        using var folder = new TempDirectory();
        await using var model = await LoopbackModelServer.StartAsync(new LoopbackModelOptions(), cancellationToken);
        await using var hooks = await HookSink.StartAsync(cancellationToken);
        var time = TimeProvider.System;
        var launcher = new ClaudeLauncher(binary, Variables(model), null, time, NullLogger<ClaudeLauncher>.Instance);
        var channels = new ChannelLauncher(launcher, hooks.Routes, _ => Task.FromResult<Uri?>(hooks.Address), time, NullLogger<ChannelLauncher>.Instance);
        await using var overChannel = new BenchedConversation(new ChannelTransport(channels, time), Folders(folder));
        await using var streamed = new BenchedConversation(new StreamJsonTransport(launcher, time), Folders(folder));
        var (channel, stream) = (new Measurement($"turn {delivered} {name}"), new Measurement($"turn over stream-json, {name}"));
        for (var turn = -WarmUp; turn < turns; turn++)
        {
            var text = $"{prompt} {turn}";
            var (over, beside) = (await MeasureAsync(model, overChannel, text, cancellationToken), await MeasureAsync(model, streamed, text, cancellationToken));
            if (turn >= 0)
            {
                channel.Add(over);
                stream.Add(beside);
            }
        }

        Table.Write([channel, stream]);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"The channel's addition: p50 {channel.Quantile(0.5) - stream.Quantile(0.5):f1} ms, p99 {channel.Quantile(0.99) - stream.Quantile(0.99):f1} ms."));
        Console.WriteLine();
    }

    private static async Task<double> MeasureAsync(LoopbackModelServer model, BenchedConversation conversation, string prompt, CancellationToken cancellationToken)
    {
        var before = model.Requests is [.., var last] ? last.Sequence : 0;
        var started = Stopwatch.GetTimestamp();
        await conversation.AskAsync(prompt, cancellationToken);
        var wall = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        return wall - model.Requests.Where(request => request.Sequence > before && request.Kind == RequestKind.Turn).Sum(request => request.TotalMs ?? 0);
    }

    private static SessionFolders Folders(TempDirectory folder) =>
        new(folder.Combine("work"), RouteId.NewRouteId());

    private static Dictionary<string, string> Variables(LoopbackModelServer model) => new(StringComparer.Ordinal)
    {
        ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? string.Empty,
        ["ANTHROPIC_BASE_URL"] = model.BaseUrl.AbsoluteUri.TrimEnd('/'),
        ["ANTHROPIC_API_KEY"] = "bench-key-that-is-no-key",
        ["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"] = "1",
    };
}
