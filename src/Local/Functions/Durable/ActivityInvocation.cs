using Microsoft.DurableTask;

namespace FunctionsBroker.Local.Functions.Durable;

/// <summary>What triggers an activity function.</summary>
/// <param name="Context">The orchestration it runs for.</param>
/// <param name="Input">Its serialized input.</param>
internal sealed record ActivityInvocation(TaskActivityContext Context, string? Input);
