using FunctionsBroker.ClaudeCode.Channels;
using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.SessionHost.Turns;
using Microsoft.Extensions.Logging.Abstractions;

namespace FunctionsBroker.SessionHost.Lifetime;

/// <summary><c>FunctionsBroker.SessionHost check-channels [CLAUDE]</c>: one line that says whether the CLI takes a channel's messages on this machine.</summary>
/// <remarks>What <c>broker doctor --channels</c> asks; in a container an operator can ask it directly. No host is started.</remarks>
internal static class ChannelCheckCommand
{
    private const string Verb = "check-channels";

    public static bool IsIn(string[] args) => args is [Verb] or [Verb, _];

    /// <summary>Writes the line.</summary>
    public static async Task RunAsync(string[] args, TextWriter output, CancellationToken cancellationToken)
    {
        FileMask.SetOwnerOnly();
        var check = new ChannelCheck(args is [_, var binary] ? binary : "claude", HostEnvironment.OfThisProcess().Variables, TimeProvider.System, NullLoggerFactory.Instance);
        await output.WriteLineAsync((await check.RunAsync(cancellationToken)).ToString());
    }
}
