using System.Net;
using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.Api.Tests.OpenAi;

/// <summary>What an answer has to look like, and where it ends.</summary>
public sealed class ChatFormTests(ApiFixture fixture) : ChatTest(fixture)
{
    private const string Form = """
        "response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object","properties":{"n":{"type":"integer"}},"required":["n"],"additionalProperties":false}}},
        """;

    [Theory(Timeout = LongTest)]
    [InlineData("answer exactly {\"n\":3}", 1)]
    [InlineData("answer exactly The number is {\"n\":3}.\nand next time exactly {\"n\":3}", 2)]
    public async Task An_answer_has_the_form_that_was_asked_for(string prompt, int turns)
    {
        using var response = await SendAsync(HttpMethod.Post, Path, Body([User($"{NewId("form")}\n{prompt}")], Form));

        var completion = await ReadJsonAsync(response);
        Assert.Equal("""{"n":3}""", ContentOf(completion));
        Assert.Equal(turns == 2, completion.GetProperty("broker").GetProperty("turn_id").GetString()!.EndsWith("-again", StringComparison.Ordinal));
    }

    [Fact(Timeout = LongTest)]
    public async Task An_answer_that_misses_its_form_twice_is_an_error()
    {
        using var response = await SendAsync(HttpMethod.Post, Path, Body([User("answer exactly {\"n\":\"3\"}\nand next time exactly {\"n\":4.5}")], Form));

        Assert.Equal((HttpStatusCode.BadGateway, ProblemCodes.AnswerFormatMissed), (response.StatusCode, await ProblemOfAsync(response)));
        Assert.Equal(["false"], response.Headers.GetValues("x-should-retry"));
    }

    [Fact(Timeout = LongTest)]
    public async Task A_stream_tells_no_answer_that_misses_its_form()
    {
        using var response = await SendAsync(
            HttpMethod.Post, Path, Body([User("answer exactly three\nand next time exactly {\"n\":3}")], Form + "\"stream\":true,"));

        var events = await ReadEventsAsync(response);
        Assert.Equal(("""{"n":3}""", "data: [DONE]"), (TextOf(events), events[^1]));
    }

    [Theory(Timeout = LongTest)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_ends_before_its_stop(bool isStreamed)
    {
        var more = isStreamed ? "\"stream\":true,\"stop\":[\"never\",\"word7 word8\"]," : "\"stop\":\"word7 word8\",";
        using var response = await SendAsync(HttpMethod.Post, Path, Body([User("repeat 20 words {{model: chunk=3}}")], more));

        var told = isStreamed ? TextOf(await ReadEventsAsync(response)) : ContentOf(await ReadJsonAsync(response));
        Assert.Equal("[1] word1 word2 word3 word4 word5 word6 ", told);
    }
}
