using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FunctionsBroker.Conformance.App.Management;

/// <summary>Metadata in a form that JSON can carry.</summary>
internal static class Described
{
    public static object? Of(OrchestrationMetadata? run) => run is null ? null : new
    {
        run.InstanceId,
        run.Name,
        status = run.RuntimeStatus.ToString(),
        run.CreatedAt,
        run.LastUpdatedAt,
        run.IsRunning,
        run.IsCompleted,
        input = Parsed(run.SerializedInput),
        output = Parsed(run.SerializedOutput),
        customStatus = Parsed(run.SerializedCustomStatus),
        failure = Of(run.FailureDetails),
    };

    public static object? Of(TaskFailureDetails? failure) => failure is null ? null : new
    {
        failure.ErrorType,
        failure.ErrorMessage,
        hasStackTrace = !string.IsNullOrEmpty(failure.StackTrace),
        inner = Of(failure.InnerFailure),
    };

    private static JsonElement? Parsed(string? json) => string.IsNullOrEmpty(json) ? null : JsonElement.Parse(json);
}
