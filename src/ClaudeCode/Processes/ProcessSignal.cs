namespace FunctionsBroker.ClaudeCode.Processes;

/// <summary>Signals by their Linux numbers.</summary>
internal enum ProcessSignal
{
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
}
