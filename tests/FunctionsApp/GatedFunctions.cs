using Azure.Storage.Queues.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FunctionsBroker.FunctionsApp;

internal sealed class GatedFunctions(Gate gate)
{
    /// <summary>Passes the gate, then needs the task hub.</summary>
    [Function(nameof(Request))]
    public async Task<IResult> Request(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, [DurableClient] DurableTaskClient client)
    {
        await gate.PassAsync("request");
        var id = await client.ScheduleNewOrchestrationInstanceAsync(nameof(Greeting), "there");
        var instance = await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true);
        return Results.Text(instance.ReadOutputAs<string>());
    }

    [Function(nameof(Message))]
    public Task Message([QueueTrigger("%Source%")] QueueMessage message) =>
        gate.PassAsync($"{message.MessageText} {message.DequeueCount} {message.MessageId} {message.PopReceipt}");

    [Function(nameof(Greeting))]
    public static Task<string> Greeting([OrchestrationTrigger] TaskOrchestrationContext context, string name) =>
        context.CallActivityAsync<string>(nameof(Greet), name);

    [Function(nameof(Greet))]
    public static string Greet([ActivityTrigger] string name) => $"hello {name}";

    [Function(nameof(Scheduled))]
    public static void Scheduled([TimerTrigger("%Schedule%")] TimerInfo timer)
    {
    }
}
