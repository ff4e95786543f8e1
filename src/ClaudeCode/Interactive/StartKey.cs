namespace FunctionsBroker.ClaudeCode.Interactive;

/// <summary>A key with which a question at the start is answered.</summary>
public enum StartKey
{
    Enter,
    Up,
    Down,
}
