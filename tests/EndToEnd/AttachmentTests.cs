using System.Net;
using System.Security.Cryptography;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Queues;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.EndToEnd;

public sealed class AttachmentTests(BrokerFixture broker) : EndToEndTest(broker)
{
    private const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==";

    private static readonly Attachment s_image = new() { Name = "dot.png", MediaType = "image/png", Data = Png };
    private static readonly Attachment s_note = new() { Name = "note.txt", MediaType = "text/plain", Data = "aGVsbG8=" };

    [Fact(Timeout = LongTest)]
    public async Task What_comes_along_by_http_reaches_the_model()
    {
        var session = NewId("image");
        byte[] pdf = [.. "%PDF-1.4\n"u8, .. RandomNumberGenerator.GetBytes(3 * 1024 * 1024)];
        var paper = new Attachment { Name = "paper.pdf", MediaType = "application/pdf", Data = Convert.ToBase64String(pdf) };

        using var response = await Api.SubmitAsync(session, With("what is this?", s_image, paper, s_note), waitSeconds: 60);

        Assert.Equal("[1] what is this?", (await BrokerApi.ReadTurnAsync(response)).Reply?.Text);
        Assert.Equal([Convert.FromBase64String(Png).Length, pdf.Length, 5], Shown("what is this?"));
    }

    [Fact(Timeout = LongTest)]
    public async Task What_comes_along_by_queue_reaches_the_model()
    {
        var turn = NewId("queued");
        await SendAsync(new TurnMessage { TurnId = turn, SessionId = turn, Prompt = "and this?", Attachments = [s_image] });

        Assert.Equal("[1] and this?", (await Broker.Replies.WaitAsync(turn)).Text);
        Assert.Equal([Convert.FromBase64String(Png).Length], Shown("and this?"));
    }

    [Fact(Timeout = LongTest)]
    public async Task The_same_turn_with_something_else_along_is_another_request()
    {
        var (session, turn) = (NewId("same"), NewId("turn"));
        using var first = await Api.SubmitAsync(session, With("look", s_image), turn, waitSeconds: 60);
        using var again = await Api.SubmitAsync(session, With("look", s_image), turn, waitSeconds: 60);
        using var other = await Api.SubmitAsync(session, With("look", s_note), turn);
        using var without = await Api.SubmitAsync(session, With("look"), turn);

        Assert.Equal((await BrokerApi.ReadTurnAsync(first)).Timings, (await BrokerApi.ReadTurnAsync(again)).Timings);
        Assert.Equal(ProblemCodes.IdempotencyConflict, (await BrokerApi.ReadProblemAsync(other)).Code);
        Assert.Equal(ProblemCodes.IdempotencyConflict, (await BrokerApi.ReadProblemAsync(without)).Code);
    }

    [Fact(Timeout = LongTest)]
    public async Task What_is_not_what_it_says_is_refused_by_name()
    {
        using var response = await Api.SubmitAsync(NewId("fake"), With("look", s_note with { Name = "fake.png", MediaType = "image/png" }));
        var problem = await BrokerApi.ReadProblemAsync(response);

        Assert.Equal((HttpStatusCode.UnprocessableEntity, ProblemCodes.AttachmentRejected), (response.StatusCode, problem.Code));
        Assert.Contains("fake.png", problem.Detail, StringComparison.Ordinal);
    }

    private static SubmitTurnRequest With(string prompt, params Attachment[] attachments) =>
        new() { Prompt = prompt, Attachments = attachments };

    private IEnumerable<int> Shown(string prompt) =>
        Broker.Model.Requests.Last(request => request.Prompt == prompt).Attachments.Select(attachment => attachment.Bytes);
}
