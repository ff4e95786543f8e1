using System.Text.Json;
using Azure.Storage.Queues;
using FunctionsBroker.Contracts.Endpoints;
using FunctionsBroker.Contracts.Queues;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.EndToEnd;

/// <summary>What the end-to-end tests have in common.</summary>
[Trait("Category", "EndToEnd")]
public abstract class EndToEndTest(BrokerFixture broker)
{
    /// <summary>For tests that wait for restarts, in milliseconds.</summary>
    protected const int LongTest = 300_000;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected BrokerFixture Broker => broker;

    protected BrokerApi Api => broker.Api;

    protected EndpointsFile Endpoints => broker.System.Endpoints;

    protected static string NewId(string prefix) => $"{prefix}:{Guid.NewGuid():N}";

    /// <summary>Puts a message into the queue <c>turns</c>, base64 as the Azure SDKs write it.</summary>
    protected Task SendAsync(TurnMessage message) =>
        SendTextAsync(JsonSerializer.Serialize(message, ContractsJsonContext.Default.TurnMessage));

    protected async Task SendTextAsync(string text, QueueMessageEncoding encoding = QueueMessageEncoding.Base64)
    {
        var queue = new QueueClient(Endpoints.Storage.ConnectionString, QueueNames.Turns, new QueueClientOptions { MessageEncoding = encoding });
        await queue.SendMessageAsync(text, Cancellation);
    }

    /// <inheritdoc cref="BrokerApi.WaitForEndAsync"/>
    protected Task<TurnResource> WaitForEndAsync(string session, string turnId) => Api.WaitForEndAsync(session, turnId);

    /// <summary>Submits a turn whose answer takes a while, and returns when the model has it.</summary>
    protected async Task<string> StartSlowTurnAsync(string session, string prompt, string delay)
    {
        var turn = NewId("slow");
        var request = new SubmitTurnRequest { Prompt = $"{prompt} {{{{model: delay={delay}}}}}", ReplyTo = QueueNames.Replies };
        var last = Broker.Model.Requests.Select(received => received.Sequence).DefaultIfEmpty().Max();
        using var accepted = await Api.SubmitAsync(session, request, turn);
        Assert.Equal(System.Net.HttpStatusCode.Accepted, accepted.StatusCode);
        await Broker.Model.WaitForRequestAsync(
            received => received.Sequence > last && received.Prompt.StartsWith(prompt, StringComparison.Ordinal),
            Cancellation);
        return turn;
    }

    protected static TurnProcess ProcessOf(TurnResource turn) => ProcessOf(turn.Attempts);

    protected static TurnProcess ProcessOf(IReadOnlyList<TurnAttempt> attempts)
    {
        var process = attempts[^1].Process;
        Assert.NotNull(process);
        return process;
    }
}
