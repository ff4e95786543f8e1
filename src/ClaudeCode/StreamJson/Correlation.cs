using FunctionsBroker.ClaudeCode.Protocol;

namespace FunctionsBroker.ClaudeCode.StreamJson;

/// <summary>Whether a CLI says which line a result answers: learnt from what it writes, not from its version.</summary>
/// <remarks>2.1.329 names the capability at the head of every turn and reports every line's way; 2.1.197 does neither.</remarks>
internal sealed class Correlation
{
    private const string Capability = "msg_lifecycle_v1";

    private volatile bool _offered;

    /// <summary>Once it was seen, a result that names no line is of something that the CLI began by itself.</summary>
    public bool IsOffered => _offered;

    public void Note(CliMessage message)
    {
        if (message is CliMessage.Lifecycle || (message is CliMessage.Init init && init.Capabilities.Contains(Capability)))
        {
            _offered = true;
        }
    }
}
