using System.Text.Json;
using Azure.Storage.Queues.Models;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.PlatformApp;

/// <summary>Queue triggers that take a whole message or its text, queue outputs, and a function that never gets a message done.</summary>
public sealed partial class QueueFunctions(ILogger<QueueFunctions> logger)
{
    /// <summary>Deferred binding: the message comes to the worker as it is in the queue.</summary>
    [Function("ReadMessage")]
    [QueueOutput("seen-messages")]
    public string ReadMessage([QueueTrigger("messages")] QueueMessage message) =>
        JsonSerializer.Serialize(new SeenMessage(
            message.MessageId, message.DequeueCount, message.InsertedOn, message.NextVisibleOn, message.Body.ToString()));

    /// <summary>The text only; two messages are put out for each that comes in.</summary>
    [Function("ReadText")]
    [QueueOutput("seen-texts")]
    public string[] ReadText([QueueTrigger("texts")] string text) => [$"1 {text}", $"2 {text}"];

    [Function("ReadObject")]
    [QueueOutput("seen-objects")]
    public Thing[] ReadObject([QueueTrigger("objects")] Thing thing) => [thing, thing with { Size = thing.Size + 1 }];

    /// <summary>Each message fails until it is moved to <c>failing-poison</c>; the log counts the deliveries.</summary>
    [Function("FailMessage")]
    public void FailMessage([QueueTrigger("failing")] QueueMessage message)
    {
        LogDelivery(message.DequeueCount, message.MessageId);
        throw new InvalidOperationException("This message is never handled.");
    }

    /// <summary>A message fails at its first delivery.</summary>
    [Function("FailOnce")]
    [QueueOutput("seen-messages")]
    public string FailOnce([QueueTrigger("failing-once")] QueueMessage message)
    {
        LogDelivery(message.DequeueCount, message.MessageId);
        return message.DequeueCount > 1 ? ReadMessage(message) : throw new InvalidOperationException("This message is handled later.");
    }

    [LoggerMessage(2, LogLevel.Information, "Delivery {Count} of {MessageId}")]
    private partial void LogDelivery(long count, string messageId);
}

public sealed record SeenMessage(string Id, long DequeueCount, DateTimeOffset? InsertedOn, DateTimeOffset? NextVisibleOn, string Text);

public sealed record Thing(string Name, int Size);
