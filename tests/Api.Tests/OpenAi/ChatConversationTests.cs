using System.Net;
using System.Text.Json;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Sessions;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Api.Tests.OpenAi;

/// <summary>Which conversation a request goes on with.</summary>
public sealed class ChatConversationTests(ApiFixture fixture) : ChatTest(fixture)
{
    [Fact(Timeout = LongTest)]
    public async Task A_conversation_that_is_told_again_goes_on_in_its_session()
    {
        var word = NewWord();
        List<(string, string)> messages = [System("Be brief."), User($"remember {word}=red")];
        var first = await AskAsync(messages);
        messages.AddRange([Assistant(first.Text), User($"recall {word}")]);
        var second = await AskAsync(messages);

        // What the client sends back need not be the same to the last blank.
        messages.AddRange([Assistant($"{second.Text} \r\n"), User($"and {word}?")]);
        var third = await AskAsync(messages);

        Assert.Equal(("[2] red", $"[3] and {word}?"), (second.Text, third.Text));
        Assert.Equal((first.Session, first.Session), (second.Session, third.Session));
        Assert.Equal($"and {word}?", PromptsWith(word)[^1]);

        // The first request may well have been the only one; the process of the second one is kept.
        var (before, after) = (await LastTryAsync(second), await LastTryAsync(third));
        Assert.Equal((before.Process!.Pid, before.Process.Turn + 1), (after.Process!.Pid, after.Process.Turn));
    }

    [Fact(Timeout = LongTest)]
    public async Task Instructions_that_change_are_told_again()
    {
        var word = NewWord();
        var first = await AskAsync([System("It is Monday."), User(word)]);
        var second = await AskAsync([System("It is Monday."), User(word), Assistant(first.Text), User($"{word} b")]);

        await AskAsync([System("It is Tuesday."), User(word), Assistant(first.Text), User($"{word} b"), Assistant(second.Text), User($"{word} c")]);

        Assert.Equal($"<instructions>\nIt is Tuesday.\n</instructions>\n\n{word} c", PromptsWith(word)[^1]);
    }

    [Fact(Timeout = LongTest)]
    public async Task A_message_that_was_edited_takes_the_place_of_the_first_one()
    {
        var (word, secret) = (NewWord(), NewWord());
        var first = await AskAsync([User(word)]);
        var second = await AskAsync([User(word), Assistant(first.Text), User($"the first try has {secret}")]);

        var edited = await AskAsync([User(word), Assistant(first.Text), User($"search {secret}")]);

        Assert.NotEqual(second.Session, edited.Session);
        Assert.Equal("[2] found 0 times beside what you said", edited.Text);
    }

    [Fact(Timeout = LongTest)]
    public async Task An_answer_that_is_wanted_again_is_given_again()
    {
        var word = NewWord();
        var first = await AskAsync([User($"remember {word}=red")]);
        List<(string, string)> messages = [User($"remember {word}=red"), Assistant(first.Text), User($"recall {word}")];
        var answers = new List<ChatAnswer>();
        for (var again = 0; again < 3; again++)
        {
            answers.Add(await AskAsync(messages));
        }

        Assert.All(answers, answer => Assert.Equal("[2] red", answer.Text));
        Assert.Equal(3, answers.Select(answer => answer.Turn).Distinct().Count());
    }

    [Fact(Timeout = LongTest)]
    public async Task Two_conversations_that_begin_alike_stay_two()
    {
        var word = NewWord();
        var (one, other) = (await AskAsync([User(word)]), await AskAsync([User(word)]));
        await AskAsync([User(word), Assistant(one.Text), User($"remember {word}=red")]);

        var answer = await AskAsync([User(word), Assistant(other.Text), User($"recall {word}")]);

        Assert.Equal($"[2] nothing is known of {word}", answer.Text);
    }

    [Fact(Timeout = LongTest)]
    public async Task A_session_that_is_named_follows_what_its_client_tells()
    {
        var (word, secret, session) = (NewWord(), NewWord(), NewId("chat"));
        var header = ("x-session-id", session);
        var first = await AskAsync([User(word)], header);
        var second = await AskAsync([User(word), Assistant(first.Text), User($"the first try has {secret}")], header);

        var edited = await AskAsync([User(word), Assistant(first.Text), User($"search {secret}")], header);
        var next = await AskAsync([User("how it began is left out"), Assistant(edited.Text), User("next")], header);

        Assert.Equal(["[1] " + word, $"[2] the first try has {secret}", "[2] found 0 times beside what you said", "[3] next"], [first.Text, second.Text, edited.Text, next.Text]);
        Assert.All([second, edited, next], answer => Assert.Equal(session, answer.Session));
    }

    [Fact(Timeout = LongTest)]
    public async Task A_request_by_itself_leaves_no_process_and_soon_no_session()
    {
        var answer = await AskAsync([User(NewWord())]);

        var pid = (await LastTryAsync(answer)).Process!.Pid;
        await Eventually.BecomesTrueAsync(() => !Directory.Exists($"/proc/{pid}"), Cancellation);
        await Eventually.BecomesTrueAsync(
            async () => await SessionAsync(answer) is { LastTurnId: not null } session && session.ExpiresAt == session.LastUsedAt + TimeSpan.FromMinutes(10),
            Cancellation);
    }

    [Fact(Timeout = LongTest)]
    public async Task The_user_of_a_request_is_no_session()
    {
        var word = NewWord();
        var body = Body([User($"remember {word}=red")], $"\"user\":\"{word}\",");
        using var first = await SendAsync(HttpMethod.Post, Path, body);
        using var second = await SendAsync(HttpMethod.Post, Path, Body([User($"recall {word}")], $"\"user\":\"{word}\","));

        Assert.Equal($"[1] nothing is known of {word}", ContentOf(await ReadJsonAsync(second)));
    }

    private List<string> PromptsWith(string word) =>
        [.. Fixture.Model.Requests.Where(request => request.Prompt?.Contains(word, StringComparison.Ordinal) == true).Select(request => request.Prompt!)];

    private async Task<TurnTry> LastTryAsync(ChatAnswer answer)
    {
        using var response = await SendAsync(HttpMethod.Get, $"/api/sessions/{answer.Session}/turns/{answer.Turn}");
        var turn = JsonSerializer.Deserialize(await response.Content.ReadAsStringAsync(Cancellation), ContractsJsonContext.Default.TurnResource)!;
        return turn.Attempts[^1].Tries[^1];
    }

    private async Task<SessionResource?> SessionAsync(ChatAnswer answer)
    {
        using var response = await SendAsync(HttpMethod.Get, $"/api/sessions/{answer.Session}");
        return response.StatusCode == HttpStatusCode.OK
            ? JsonSerializer.Deserialize(await response.Content.ReadAsStringAsync(Cancellation), ContractsJsonContext.Default.SessionResource)
            : null;
    }

    private static string NewWord() => $"w{Guid.NewGuid():N}";
}
