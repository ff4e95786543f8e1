using System.Threading.Channels;
using FunctionsBroker.ClaudeCode.Channels;

namespace FunctionsBroker.ClaudeCode.Tests.Channels;

/// <summary>Keeps what it is told, in order.</summary>
internal sealed class RecordingListener : IChannelListener
{
    private readonly Channel<string> _events = Channel.CreateUnbounded<string>();
    private int _running;

    /// <summary>What the model is told when it replies.</summary>
    public Func<string> Answer { get; set; } = () => "taken";

    /// <summary>Whether two calls were ever made at the same time.</summary>
    public bool Overlapped { get; private set; }

    public async Task<string> NextAsync() => await _events.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public string[] Rest()
    {
        List<string> rest = [];
        while (_events.Reader.TryRead(out var next))
        {
            rest.Add(next);
        }

        return [.. rest];
    }

    public void Connected(ChannelClient client) => Record($"connected {client.Name} {client.Version} {client.ProtocolVersion}");

    public void Disconnected() => Record("disconnected");

    public string Replied(string? turnId, string text)
    {
        Record($"replied {turnId ?? "-"}: {text}");
        return Answer();
    }

    public void PermissionAsked(ChannelPermission request) =>
        Record($"asked {request.RequestId} {request.ToolName} {request.Description ?? "-"} {request.InputPreview ?? "-"}");

    private void Record(string @event)
    {
        Overlapped |= Interlocked.Increment(ref _running) > 1;
        _events.Writer.TryWrite(@event);
        Interlocked.Decrement(ref _running);
    }
}
