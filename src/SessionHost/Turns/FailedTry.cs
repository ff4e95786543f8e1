using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.SessionHost.Turns;

/// <summary>A try at a turn that brought no answer.</summary>
/// <param name="Sent">Whether the prompt may have reached the model.</param>
/// <param name="ToolsUsed">Whether a tool was called, so that the try may have had an effect.</param>
/// <param name="ProcessLost">Whether the process ended in the middle of it by itself.</param>
internal sealed record FailedTry(Problem Problem, bool Sent, bool ToolsUsed, bool ProcessLost);
