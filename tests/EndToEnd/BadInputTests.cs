using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Azure.Storage.Queues;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Queues;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.EndToEnd;

public sealed class BadInputTests(BrokerFixture broker) : EndToEndTest(broker)
{
    [Theory(Timeout = LongTest)]
    [InlineData("/api/sessions/a%09b/turns", """{"prompt":"hi"}""", 400, ProblemCodes.InvalidSessionId)]
    [InlineData("/api/sessions/a%2541/turns", """{"prompt":"hi"}""", 400, ProblemCodes.InvalidSessionId)]
    [InlineData("/api/sessions/%C2%85/turns", """{"prompt":"hi"}""", 400, ProblemCodes.InvalidSessionId)]
    [InlineData("/api/sessions/s/turns", """{"prompt":""}""", 400, ProblemCodes.PromptEmpty)]
    [InlineData("/api/sessions/s/turns", """{}""", 400, ProblemCodes.PromptEmpty)]
    [InlineData("/api/sessions/s/turns", """{"prompt":"hi",""", 400, ProblemCodes.InvalidJson)]
    [InlineData("/api/sessions/s/turns", "", 400, ProblemCodes.InvalidJson)]
    [InlineData("/api/sessions/s/turns", "null", 400, ProblemCodes.InvalidJson)]
    [InlineData("/api/sessions/s/turns", """{"prompt":5}""", 400, ProblemCodes.InvalidJson)]
    [InlineData("/api/sessions/s/turns", """{"prompt":"hi","profile":"no-such-profile"}""", 422, ProblemCodes.UnknownProfile)]
    [InlineData("/api/sessions/s/turns", """{"prompt":"hi","replyTo":"not-listed"}""", 422, ProblemCodes.ReplyQueueNotAllowed)]
    [InlineData("/api/inject", """{"prompt":"hi"}""", 400, ProblemCodes.InvalidSessionId)]
    public async Task A_bad_request_is_a_problem(string path, string body, int status, string code)
    {
        using var response = await Api.PostRawAsync(path, body);

        var problem = await BrokerApi.ReadProblemAsync(response);
        Assert.Equal((status, code), ((int)response.StatusCode, problem.Code));
        Assert.False(string.IsNullOrEmpty(problem.Detail));
    }

    [Fact(Timeout = LongTest)]
    public async Task A_prompt_of_two_megabytes_is_a_problem()
    {
        using var response = await Api.SubmitAsync("s", new SubmitTurnRequest { Prompt = new string('x', 2_000_000) });

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal(ProblemCodes.PromptTooLarge, (await BrokerApi.ReadProblemAsync(response)).Code);
    }

    [Fact(Timeout = LongTest)]
    public async Task A_prompt_of_almost_one_megabyte_is_answered()
    {
        var session = NewId("large");
        using var response = await Api.SubmitAsync(session, new SubmitTurnRequest { Prompt = new string('x', 1_000_000) }, "t", waitSeconds: 60);

        Assert.Equal(TurnStatus.Completed, (await BrokerApi.ReadTurnAsync(response)).Status);
    }

    [Fact(Timeout = LongTest)]
    public async Task A_wrong_key_is_refused_by_the_host_without_a_body()
    {
        using var post = await Api.PostRawAsync("/api/sessions/s/turns", """{"prompt":"hi"}""", key: "wrong");
        using var get = await Api.GetAsync("/api/sessions/s/turns/t", key: "wrong");

        Assert.Equal(HttpStatusCode.Unauthorized, post.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, get.StatusCode);
        Assert.Empty(await post.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact(Timeout = LongTest)]
    public async Task A_callback_with_a_wrong_secret_is_a_problem()
    {
        using var response = await Api.PostRawAsync("/api/callbacks/turns", """{"sessionId":"s","turnId":"t","epoch":1,"outcome":"completed"}""");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact(Timeout = LongTest)]
    public async Task A_body_whose_chunks_are_broken_is_refused()
    {
        var front = Endpoints.Front;
        using var connection = new TcpClient();
        await connection.ConnectAsync(front.Url.Host, front.Url.Port, Cancellation);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"POST /api/sessions/s/turns HTTP/1.1\r\nHost: {front.Url.Authority}\r\nx-functions-key: {front.Key}\r\n"
                + "Content-Type: application/json\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\nno length\r\n"),
            Cancellation);

        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync(Cancellation);

        // By the host, which cannot hand the body on.
        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
    }

    [Fact(Timeout = LongTest)]
    public async Task An_unknown_turn_is_a_problem()
    {
        using var response = await Api.GetAsync("/api/sessions/s/turns/never-submitted");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(ProblemCodes.TurnNotFound, (await BrokerApi.ReadProblemAsync(response)).Code);
    }

    [Theory(Timeout = LongTest)]
    [InlineData("this is no JSON", QueueMessageEncoding.Base64)]
    [InlineData("neither % this", QueueMessageEncoding.None)]
    [InlineData("""{"sessionId":"s","prompt":"no turn id"}""", QueueMessageEncoding.Base64)]
    [InlineData("""{"sessionId":"s","prompt":"no turn id, plain"}""", QueueMessageEncoding.None)]
    public async Task A_garbage_message_is_poison_with_its_reason(string text, QueueMessageEncoding encoding)
    {
        await SendTextAsync(text, encoding);

        var poison = await WaitForPoisonAsync(text);
        Assert.Equal(ProblemCodes.InvalidMessage, poison.Problem.Code);
        Assert.False(string.IsNullOrEmpty(poison.Problem.Detail));
    }

    [Fact(Timeout = LongTest)]
    public async Task A_message_that_may_be_answered_gets_a_failed_reply_too()
    {
        var turn = NewId("unknown-profile");
        await SendAsync(new TurnMessage { TurnId = turn, SessionId = "s", Prompt = "hi", Profile = "no-such-profile" });

        var reply = await Broker.Replies.WaitAsync(turn);

        Assert.Equal(TurnStatus.Failed, reply.Status);
        Assert.Equal(ProblemCodes.UnknownProfile, reply.Problem?.Code);
    }

    [Fact(Timeout = LongTest)]
    public async Task Bad_input_ends_no_process()
    {
        var before = Endpoints;
        await SendTextAsync("garbage", QueueMessageEncoding.None);
        using (await Api.PostRawAsync("/api/sessions/s/turns", "{"))
        {
            await WaitForPoisonAsync("garbage");
        }

        Assert.Equal(before.Front.Pid, Endpoints.Front.Pid);
        Assert.Equal(before.Hosts.Select(host => host.Pid), Endpoints.Hosts.Select(host => host.Pid));
        Assert.Equal("[1] still here", (await Api.AskAsync(NewId("alive"), "still here")).Reply?.Text);
    }

    private async Task<PoisonMessage> WaitForPoisonAsync(string original)
    {
        var queue = new QueueClient(Endpoints.Storage.ConnectionString, QueueNames.Poison, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
        await queue.CreateIfNotExistsAsync(cancellationToken: Cancellation);
        PoisonMessage? found = null;
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                foreach (var message in (await queue.ReceiveMessagesAsync(32, TimeSpan.FromSeconds(60), Cancellation)).Value)
                {
                    var poison = JsonSerializer.Deserialize(message.Body, ContractsJsonContext.Default.PoisonMessage)!;
                    found = poison.Original == original ? poison : found;
                    await queue.DeleteMessageAsync(message.MessageId, message.PopReceipt, Cancellation);
                }

                return found is not null;
            },
            Cancellation);
        return found!;
    }
}
