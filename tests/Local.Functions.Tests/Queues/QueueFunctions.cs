using System.Globalization;
using Azure.Storage.Queues.Models;
using FunctionsBroker.Local.Functions.Tests.Harness;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsBroker.Local.Functions.Tests.Queues;

/// <summary>Queue functions; each test's app has the one it needs.</summary>
internal static class QueueFunctions
{
    internal sealed record Order(string Id, int Count);

    internal sealed class Text(Signals signals)
    {
        [Function("Text")]
        public void Run([QueueTrigger("%Source%")] string text) => signals.Note(text);
    }

    internal sealed class Poco(Signals signals)
    {
        [Function("Poco")]
        public void Run([QueueTrigger("%Source%")] Order order) => signals.Note($"{order.Id} {order.Count}");
    }

    internal sealed class Bytes(Signals signals)
    {
        [Function("Bytes")]
        public void Run([QueueTrigger("%Source%")] byte[] bytes) => signals.Note(Convert.ToHexString(bytes));
    }

    internal sealed class Data(Signals signals)
    {
        [Function("Data")]
        public void Run([QueueTrigger("%Source%")] BinaryData data) => signals.Note(data.ToString());
    }

    internal sealed class Metadata(Signals signals)
    {
        [Function("Metadata")]
        public void Run(
            [QueueTrigger("%Source%")] QueueMessage message,
            string id,
            string popReceipt,
            long dequeueCount,
            DateTimeOffset insertionTime,
            DateTimeOffset expirationTime,
            DateTimeOffset nextVisibleTime,
            string queueTrigger,
            FunctionContext context)
        {
            var same = message.MessageId == id && message.PopReceipt == popReceipt && message.DequeueCount == dequeueCount
                && message.InsertedOn == insertionTime && message.ExpiresOn == expirationTime && message.NextVisibleOn == nextVisibleTime
                && message.MessageText == queueTrigger && (string?)context.BindingContext.BindingData["id"] == id;
            signals.Note(string.Create(CultureInfo.InvariantCulture, $"{same} {dequeueCount} {queueTrigger}"));
        }
    }

    internal sealed class Failing(Signals signals)
    {
        [Function("Failing")]
        public void Run([QueueTrigger("%Source%")] string text, long dequeueCount)
        {
            signals.Note($"{text} {dequeueCount}");
            throw new InvalidOperationException("cannot");
        }
    }

    internal sealed class Gated(Signals signals)
    {
        [Function("Gated")]
        public async Task RunAsync([QueueTrigger("%Source%")] string text, CancellationToken cancellationToken)
        {
            signals.Note($"begin {text}");
            signals.Started.TrySetResult();
            await signals.Released.Task.WaitAsync(cancellationToken);
            signals.Note($"end {text}");
        }
    }

    internal sealed class Forwarding
    {
        [Function("Forwarding")]
        [QueueOutput("%Target%", Connection = "Elsewhere")]
        public static string? Run([QueueTrigger("%Source%")] string text) => text.Length == 0 ? null : text + "!";
    }

    internal sealed class Spreading
    {
        [Function("Spreading")]
        public static Outputs Run([QueueTrigger("%Source%")] string text) => new([$"{text}1", $"{text}2"], new Order(text, 3), null);
    }

    internal static class Answering
    {
        [Function("Answering")]
        public static Answer Run([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => new(Results.Text("sent"), request.Method);
    }

    internal sealed record Answer([property: HttpResult] IResult Response, [property: QueueOutput("%Target%")] string Message);

    internal sealed record Outputs(
        [property: QueueOutput("%Target%")] string[] Many,
        [property: QueueOutput("%Target%")] Order One,
        [property: QueueOutput("%Target%")] string? None);
}
