using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.PlatformApp;

/// <summary>The durable client over HTTP.</summary>
public sealed class DurableClientFunctions
{
    [Function("StartInstance")]
    public async Task<IResult> StartAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "instances/{orchestrator}/{id}")] HttpRequest request,
        string orchestrator,
        string id,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken)
    {
        var input = request.ContentLength > 0 ? await request.ReadFromJsonAsync<JsonElement?>(cancellationToken) : null;
        await durable.ScheduleNewOrchestrationInstanceAsync(orchestrator, input, new StartOrchestrationOptions(id), cancellationToken);
        return Results.Accepted($"/api/instances/{id}");
    }

    [Function("GetInstance")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "instances/{id}")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken) =>
        await durable.GetInstanceAsync(id, getInputsAndOutputs: true, cancellationToken) is { } instance
            ? Results.Json(new { status = instance.RuntimeStatus.ToString(), output = instance.SerializedOutput })
            : Results.NotFound();

    [Function("RaiseEvent")]
    public async Task<IResult> RaiseAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "instances/{id}/events/{name}")] HttpRequest request,
        string id,
        string name,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken)
    {
        await durable.RaiseEventAsync(id, name, await request.ReadFromJsonAsync<JsonElement>(cancellationToken), cancellationToken);
        return Results.Accepted();
    }
}

/// <summary>Orchestrators that show one promise of the platform each.</summary>
public static class Orchestrators
{
    /// <summary>Waits for the events of these names, one after the other, and returns what they carried.</summary>
    [Function("Collect")]
    public static async Task<List<string>> CollectAsync([OrchestrationTrigger] TaskOrchestrationContext context, string[] names)
    {
        var heard = new List<string>();
        foreach (var name in names)
        {
            context.SetCustomStatus($"waiting for {name}");
            heard.Add(await context.WaitForExternalEvent<string>(name));
        }

        return heard;
    }

    /// <summary>Shows its input as its status, and ends.</summary>
    [Function("SetStatus")]
    public static string SetStatus([OrchestrationTrigger] TaskOrchestrationContext context, string status)
    {
        context.SetCustomStatus(status);
        return status;
    }

    /// <summary>Begins two waits for the event <c>Go</c>, and returns what each of them got.</summary>
    [Function("WaitTwice")]
    public static async Task<string[]> WaitTwiceAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var first = context.WaitForExternalEvent<string>("Go");
        var second = context.WaitForExternalEvent<string>("Go");
        context.SetCustomStatus("waiting");
        return await Task.WhenAll(first, second);
    }

    /// <returns>The orchestration's clock after a timer for that time.</returns>
    [Function("Alarm")]
    public static async Task<DateTime> AlarmAsync([OrchestrationTrigger] TaskOrchestrationContext context, DateTime due)
    {
        await context.CreateTimer(due, CancellationToken.None);
        return context.CurrentUtcDateTime;
    }

    /// <summary>Sends an event to another instance, as an orchestration can and an entity cannot.</summary>
    [Function("Send")]
    public static Task SendAsync([OrchestrationTrigger] TaskOrchestrationContext context, Sending sending)
    {
        context.SendEvent(sending.InstanceId, sending.Name, sending.Value);
        return Task.CompletedTask;
    }

    [Function("WriteJournal")]
    public static async Task WriteJournalAsync([OrchestrationTrigger] TaskOrchestrationContext context, Writing writing)
    {
        var journal = new EntityInstanceId(nameof(Journal), writing.Key);
        for (var number = 1; number <= writing.Count; number++)
        {
            await context.Entities.SignalEntityAsync(journal, nameof(Journal.Add), $"{number}");
        }
    }

    [Function("SendParcel")]
    public static Task<Parcel> SendParcelAsync([OrchestrationTrigger] TaskOrchestrationContext context, Parcel parcel) =>
        context.CallActivityAsync<Parcel>(nameof(Activities.Carry), parcel);

    [Function("Retry")]
    public static Task<int> RetryAsync([OrchestrationTrigger] TaskOrchestrationContext context, Failing failing) =>
        context.CallActivityAsync<int>(nameof(Activities.FailTimes), failing, TaskOptions.FromRetryPolicy(new RetryPolicy(
            failing.MaxAttempts, TimeSpan.FromMilliseconds(10))));

    /// <summary>Returns what it learns of an activity that fails.</summary>
    [Function("Inspect")]
    public static async Task<Inspection> InspectAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        try
        {
            await context.CallActivityAsync(nameof(Activities.RunOutOfPaper));
            return new Inspection("none", "", IsKnown: false, InnerType: null);
        }
        catch (TaskFailedException exception)
        {
            var details = exception.FailureDetails;
            return new Inspection(details.ErrorType, details.ErrorMessage, details.IsCausedBy<OutOfPaperException>(), details.InnerFailure?.ErrorType);
        }
    }

    [Function("Break")]
    public static Task BreakAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        throw new OutOfPaperException("The orchestrator fails itself.");

    /// <summary>Takes an id and the time, notes them, waits for <c>Go</c>, notes them again: a replay must see the same.</summary>
    [Function("Steps")]
    public static async Task<string[]> StepsAsync([OrchestrationTrigger] TaskOrchestrationContext context, string folder)
    {
        var first = $"{context.NewGuid()} {context.CurrentUtcDateTime:O}";
        await context.CallActivityAsync(nameof(Activities.Note), new Notice(folder, "first", first));
        context.SetCustomStatus(first);
        await context.WaitForExternalEvent<string>("Go");
        var second = $"{context.NewGuid()} {context.CurrentUtcDateTime:O}";
        await context.CallActivityAsync(nameof(Activities.Note), new Notice(folder, "second", second));
        return [first, second];
    }

    /// <summary>Calls an activity that ends when it is told; with one attempt, a failure is the orchestration's.</summary>
    [Function("CallHold")]
    public static Task<string> CallHoldAsync([OrchestrationTrigger] TaskOrchestrationContext context, Holding holding) =>
        context.CallActivityAsync<string>(nameof(Activities.HoldAsync), holding, TaskOptions.FromRetryPolicy(new RetryPolicy(
            holding.Attempts, TimeSpan.FromMilliseconds(10))));
}

/// <summary>What the orchestrators have done for them.</summary>
public sealed class Activities(TimeProvider time)
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);
    private static readonly ConcurrentDictionary<string, int> s_attempts = new();

    [Function(nameof(Carry))]
    public Parcel Carry([ActivityTrigger] Parcel parcel) => parcel;

    /// <returns>Which attempt it was that came through.</returns>
    [Function(nameof(FailTimes))]
    public int FailTimes([ActivityTrigger] Failing failing) =>
        s_attempts.AddOrUpdate(failing.Key, 1, (_, before) => before + 1) is var attempt && attempt > failing.Times
            ? attempt
            : throw new OutOfPaperException($"Attempt {attempt} fails.");

    [Function(nameof(RunOutOfPaper))]
    public void RunOutOfPaper([ActivityTrigger] object? nothing) =>
        throw new OutOfPaperException("No paper: \u201ctray 2\u201d is empty.", new FileNotFoundException("The tray."));

    /// <summary>Adds a line to a file, so that a test can see how often it ran, whatever was killed.</summary>
    [Function(nameof(Note))]
    public void Note([ActivityTrigger] Notice notice) => File.AppendAllLines(Path.Combine(notice.Folder, notice.Name), [notice.Text]);

    /// <summary>Adds a line to the file <c>held</c>, and ends once there is a file <c>release</c>.</summary>
    [Function(nameof(HoldAsync))]
    public async Task<string> HoldAsync([ActivityTrigger] Holding holding, CancellationToken cancellationToken)
    {
        await File.AppendAllLinesAsync(Path.Combine(holding.Folder, "held"), [$"{Environment.ProcessId}"], cancellationToken);
        while (!File.Exists(Path.Combine(holding.Folder, "release")))
        {
            await Task.Delay(s_look, time, cancellationToken);
        }

        return "released";
    }
}

public sealed class OutOfPaperException : Exception
{
    public OutOfPaperException()
    {
    }

    public OutOfPaperException(string message)
        : base(message)
    {
    }

    public OutOfPaperException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

public sealed record Sending(string InstanceId, string Name, string Value);

public sealed record Writing(string Key, int Count);

/// <param name="DateLike">Text that looks like a date and must stay as it is.</param>
public sealed record Parcel(string Text, string DateLike, DateTimeOffset At, DateTime Utc, TimeSpan Span, long Number, double Fraction, DayOfWeek Day, string? Nothing);

public sealed record Failing(string Key, int Times, int MaxAttempts);

public sealed record Inspection(string ErrorType, string Message, bool IsKnown, string? InnerType);

public sealed record Notice(string Folder, string Name, string Text);

public sealed record Holding(string Folder, int Attempts);
