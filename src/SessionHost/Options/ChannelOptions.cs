using System.ComponentModel.DataAnnotations;
using FunctionsBroker.ClaudeCode.Launch;

namespace FunctionsBroker.SessionHost.Options;

/// <summary>A profile's <c>Channel</c>; see <see cref="ChannelProfile"/> for what each setting does.</summary>
internal sealed class ChannelOptions
{
    private static readonly ChannelProfile s_defaults = new();

    /// <value>The default is false: text that is typed passes through the CLI's own keyboard, which gives a meaning to some of it.</value>
    public bool TypedInput { get; set; } = s_defaults.TypedInput;

    /// <value>The default is false. A declared session's <c>AutoAcceptPrompts</c> sets it for that session.</value>
    public bool AcceptPrompts { get; set; } = s_defaults.AcceptPrompts;

    /// <value>100 ms to 1 minute. The default is 5 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan Arrival { get; set; } = s_defaults.Arrival;

    /// <value>100 ms to 30 seconds. The default is 2 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:30")]
    public TimeSpan Probe { get; set; } = s_defaults.Probe;

    /// <value>1 second to 1 day. The default is 10 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Unavailable { get; set; } = s_defaults.Unavailable;

    public ChannelProfile ToProfile() => new()
    {
        TypedInput = TypedInput,
        AcceptPrompts = AcceptPrompts,
        Arrival = Arrival,
        Probe = Probe,
        Unavailable = Unavailable,
    };
}
