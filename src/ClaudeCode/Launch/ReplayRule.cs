namespace FunctionsBroker.ClaudeCode.Launch;

/// <summary>Whether a turn whose process ended in the middle of it is run again.</summary>
public enum ReplayRule
{
    /// <summary>Unless a tool may have acted in it already.</summary>
    WhenSafe,

    Always,

    Never,
}
