using Azure.Storage.Queues.Models;
using FunctionsBroker.Conformance.App.Observation;
using FunctionsBroker.Conformance.App.Orchestrations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsBroker.Conformance.App.Queues;

/// <summary>Functions that queues trigger or that write to queues.</summary>
public sealed class QueueFunctions(Journal journal)
{
    [Function("TakeText")]
    public void TakeText([QueueTrigger("conformance-text")] string text) => journal.Add("queue-text", text);

    [Function("TakeParcel")]
    public void TakeParcel([QueueTrigger("conformance-parcel")] Parcel parcel) => journal.Add($"queue-{parcel.Text}", $"{parcel.Count}");

    [Function("TakeMessage")]
    public void TakeMessage([QueueTrigger("conformance-message")] QueueMessage message) => journal.Add(
        $"queue-{message.MessageText}", $"{message.MessageId} {message.DequeueCount} {message.InsertedOn is not null} {message.PopReceipt.Length > 0}");

    [Function("TakeBytes")]
    public void TakeBytes([QueueTrigger("conformance-bytes")] byte[] body) => journal.Add("queue-bytes", Convert.ToHexString(body));

    [Function("TakeBinaryData")]
    public void TakeBinaryData([QueueTrigger("conformance-binary")] BinaryData body) => journal.Add($"queue-{body}", $"{body.ToMemory().Length}");

    [Function("TakeMetadata")]
    public void TakeMetadata(
        [QueueTrigger("conformance-metadata")] string text, string id, string popReceipt, long dequeueCount, DateTimeOffset insertionTime, DateTimeOffset expirationTime) =>
        journal.Add($"queue-{text}", $"{id} {popReceipt.Length > 0} {dequeueCount} {expirationTime - insertionTime}");

    [Function("TakeByName")]
    public void TakeByName([QueueTrigger("%ConformanceQueue%", Connection = "AzureWebJobsStorage")] string text) => journal.Add($"queue-{text}", "by setting");

    [Function("AlwaysFails")]
    public void AlwaysFails([QueueTrigger("conformance-failing")] QueueMessage message)
    {
        journal.Add($"queue-{message.MessageText}", $"{message.DequeueCount}");
        throw new InvalidOperationException("as always");
    }

    [Function("FailsOnce")]
    public void FailsOnce([QueueTrigger("conformance-once")] QueueMessage message)
    {
        if (journal.Add($"queue-{message.MessageText}", $"{message.DequeueCount}") == 1)
        {
            throw new InvalidOperationException("the first time");
        }
    }

    [Function("Slow")]
    public async Task SlowAsync([QueueTrigger("conformance-slow")] string text, CancellationToken cancellationToken)
    {
        journal.Add("queue-slow-began", text);
        await journal.WaitAsync("queue-slow-release", cancellationToken);
        journal.Add("queue-slow-ended", text);
    }

    [Function("Relay")]
    [QueueOutput("conformance-relayed")]
    public static string Relay([QueueTrigger("conformance-relay")] string text) => $"relayed {text}";

    [Function("RelayMany")]
    [QueueOutput("conformance-relayed-many")]
    public static Parcel[] RelayMany([QueueTrigger("conformance-relay-many")] string text) => [new(text, 1), new(text, 2)];

    [Function("RelayNothing")]
    [QueueOutput("conformance-relayed-nothing")]
    public string? RelayNothing([QueueTrigger("conformance-relay-nothing")] string text)
    {
        journal.Add($"queue-{text}", "seen");
        return text.StartsWith("null", StringComparison.Ordinal) ? null : text;
    }

    [Function("AnswerAndSend")]
    public static AnswerAndMessage Send(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "queues/send/{text}")] HttpRequest request, string text) =>
        new() { Answer = Results.Text($"sent by {request.Method}", statusCode: StatusCodes.Status202Accepted), Message = text };
}
