namespace FunctionsBroker.ClaudeCode.Processes;

/// <summary>How a child's output is handed on.</summary>
internal enum OutputCut
{
    /// <summary>Each line when its newline has come.</summary>
    Lines,

    /// <summary>Whatever has come, as soon as it has: a screen is painted without newlines.</summary>
    Chunks,
}
