namespace FunctionsBroker.ClaudeCode.Processes;

/// <summary>Signals by their Linux numbers.</summary>
internal enum ProcessSignal
{
    Kill = 9,
    Terminate = 15,
}
