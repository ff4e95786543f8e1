using System.Text.Json;
using FunctionsBroker.Conformance.App.Observation;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Conformance.App.Orchestrations;

/// <summary>Shows what an orchestrator sees of its own replay.</summary>
public sealed partial class ReplayOrchestrations(Journal journal)
{
    [Function("Describe")]
    public static object Describe([OrchestrationTrigger] TaskOrchestrationContext context, JsonElement? input) => new
    {
        context.InstanceId,
        name = context.Name.Name,
        context.Version,
        parent = context.Parent?.InstanceId,
        parentName = context.Parent?.Name.Name,
        again = context.GetInput<JsonElement?>(),
        input,
        kind = context.CurrentUtcDateTime.Kind.ToString(),
    };

    [Function("ClockTwice")]
    public static async Task<bool> ClockTwiceAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var before = context.CurrentUtcDateTime;
        var kept = await context.CallActivityAsync<DateTime>("Echo", before);
        await context.CallActivityAsync("Nothing");
        return kept == before;
    }

    [Function("ClockMoves")]
    public static async Task<TimeSpan> ClockMovesAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var before = context.CurrentUtcDateTime;
        await context.CreateTimer(TimeSpan.FromSeconds(2), CancellationToken.None);
        return context.CurrentUtcDateTime - before;
    }

    [Function("ClockInOneEpisode")]
    public static bool ClockInOneEpisode([OrchestrationTrigger] TaskOrchestrationContext context) =>
        context.CurrentUtcDateTime == context.CurrentUtcDateTime;

    [Function("Guids")]
    public static async Task<Guid[]> GuidsAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var first = context.NewGuid();
        var second = context.NewGuid();
        var kept = await context.CallActivityAsync<Guid>("Echo", first);
        await context.CallActivityAsync("Nothing");
        return [first, second, kept];
    }

    [Function("ReplayFlags")]
    public static async Task<bool[]> ReplayFlagsAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var first = context.IsReplaying;
        await context.CallActivityAsync("Nothing");
        var second = context.IsReplaying;
        await context.CallActivityAsync("Nothing");
        return [first, second, context.IsReplaying];
    }

    [Function("LogTwice")]
    public async Task<string> LogTwiceAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var topic = $"Conformance.{context.InstanceId}";
        var logger = context.CreateReplaySafeLogger(topic);
        LogBefore(logger);
        journal.Add($"{topic}.episodes", "began");
        await context.CallActivityAsync("Nothing");
        await context.CallActivityAsync("Nothing");
        LogAfter(logger);
        return topic;
    }

    /// <summary>Breaks the rules: which activity it calls depends on something outside its history.</summary>
    [Function("Unsteady")]
    public async Task UnsteadyAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var episode = journal.Add($"unsteady-{context.InstanceId}", "episode");
        await context.CallActivityAsync(episode == 1 ? "Nothing" : "Nullable");
    }

    /// <summary>Breaks the rules: it calls an activity less than its history has.</summary>
    [Function("Forgetful")]
    public async Task<string> ForgetfulAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        if (journal.Add($"forgetful-{context.InstanceId}", "episode") == 1)
        {
            await context.CallActivityAsync("Nothing");
        }

        return "done";
    }

    [LoggerMessage(1, LogLevel.Information, "before")]
    private static partial void LogBefore(ILogger logger);

    [LoggerMessage(2, LogLevel.Information, "after")]
    private static partial void LogAfter(ILogger logger);
}
