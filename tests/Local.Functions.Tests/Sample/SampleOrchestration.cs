using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.Local.Functions.Tests.Sample;

public static class SampleOrchestration
{
    [Function("Main")]
    public static async Task<string> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, SampleOrder order)
    {
        var counter = new EntityInstanceId("Counter", order.Id);
        var value = await context.Entities.CallEntityAsync<int>(counter, "Add", order.N);
        context.SetCustomStatus(new { phase = "waiting", v = value });
        var said = await context.CallActivityAsync<string>("Say", order, TaskOptions.FromRetryPolicy(new RetryPolicy(2, TimeSpan.FromSeconds(1))));
        string failure;
        try
        {
            failure = await context.CallActivityAsync<string>("Boom", order);
        }
        catch (TaskFailedException exception)
        {
            var details = exception.FailureDetails;
            failure = $"{details.ErrorType}|{details.ErrorMessage}|{details.InnerFailure?.ErrorType}";
        }

        string entityFailure;
        try
        {
            await context.Entities.CallEntityAsync(counter, "Boom");
            entityFailure = "?";
        }
        catch (EntityOperationFailedException exception)
        {
            entityFailure = $"{exception.FailureDetails.ErrorType}|{exception.FailureDetails.ErrorMessage}";
        }

        await using (await context.Entities.LockEntitiesAsync(counter))
        {
            await context.Entities.CallEntityAsync<int>(counter, "Add", 100);
        }

        var reply = await context.WaitForExternalEvent<SampleReply>("Reply", TimeSpan.FromMinutes(1));
        return $"{said} {value} {reply!.Text} fail={failure} ef={entityFailure}";
    }

    [Function("Say")]
    public static string Say([ActivityTrigger] SampleOrder order, string instanceId) => $"said {order.Id} inst={instanceId}";

    [Function("Boom")]
    public static string Boom([ActivityTrigger] SampleOrder order) =>
        throw new ArgumentException("boom", new InvalidOperationException($"inner of {order.Id}"));
}
