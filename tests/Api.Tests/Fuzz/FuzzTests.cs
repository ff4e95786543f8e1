using System.Diagnostics;
using System.Text.Json;
using Azure.Storage.Queues;
using FsCheck;
using FsCheck.Fluent;
using FunctionsBroker.Api.Tests.OpenApi;
using FunctionsBroker.Contracts.Queues;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Api.Tests.Fuzz;

/// <summary>Whatever is sent, the broker answers it, keeps what it has taken, and goes on.</summary>
public sealed class FuzzTests(ApiFixture fixture) : ApiTest(fixture)
{
    private const int AtOnce = 16;
    private const int Size = 20;
    private const int FuzzLimit = 7_200_000;

    // The same one sends the same again; another, given by the variable, finds other faults.
    private static readonly ulong s_seed = ulong.TryParse(Environment.GetEnvironmentVariable("FUZZ_SEED"), out var seed) ? seed : 20261121;

    // As many as a run of all tests has time for; a hundred thousand are the whole of it.
    private static readonly int s_cases = int.TryParse(Environment.GetEnvironmentVariable("FUZZ_CASES"), out var cases) ? cases : 3_000;

    private readonly FuzzOutcome _outcome = new(fault => TestContext.Current.TestOutputHelper!.WriteLine(fault));

    [Fact(Timeout = FuzzLimit)]
    public async Task Odd_requests_and_messages_leave_no_500_no_stuck_session_and_nothing_lost()
    {
        TestContext.Current.TestOutputHelper!.WriteLine($"FUZZ_SEED={s_seed}");
        var before = Endpoints;
        var time = Stopwatch.StartNew();
        var calls = FuzzCases.Call.Sample(s_cases * 85 / 100, new Rnd(s_seed), Size);
        var messages = FuzzCases.Message.Sample(s_cases * 15 / 100, new Rnd(s_seed + 1), Size);
        var document = await ApiDocument.LoadAsync(Fixture.Http, Cancellation);
        var sender = new FuzzSender(before, Fixture.Http, document, _outcome);

        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Cancellation };
        await Task.WhenAll(
            Parallel.ForEachAsync(calls, parallel, async (call, token) => await sender.SendAsync(call, token)),
            PutAsync(messages));

        TestContext.Current.TestOutputHelper.WriteLine($"{time.Elapsed.TotalSeconds:0} s: {_outcome}");
        Assert.True(_outcome.Faults.Count == 0, $"{_outcome.Faults.Count} faults, the first: {_outcome.Faults.FirstOrDefault()}");
        Assert.True(_outcome.CountOf(202) + _outcome.CountOf(200) > s_cases / 20 && _outcome.CountOf(400) > s_cases / 20, _outcome.ToString());
        await EveryMessageIsATurnOrPoisonAsync(messages);
        TestContext.Current.TestOutputHelper.WriteLine($"{time.Elapsed.TotalSeconds:0} s: every message is a turn or poison");
        await EveryAcceptedTurnEndsAsync();
        TestContext.Current.TestOutputHelper.WriteLine($"{time.Elapsed.TotalSeconds:0} s: every turn has ended");
        await EverySessionAnswersAsync();
        Assert.Equal((before.Front.Pid, string.Join(',', before.Hosts.Select(host => host.Pid))), (Endpoints.Front.Pid, string.Join(',', Endpoints.Hosts.Select(host => host.Pid))));
    }

    private async Task PutAsync(IEnumerable<FuzzMessage> messages)
    {
        var queue = new QueueClient(Endpoints.Storage.ConnectionString, QueueNames.Turns);
        foreach (var message in messages)
        {
            await queue.SendMessageAsync(message.Sent, Cancellation);
        }
    }

    private async Task EveryMessageIsATurnOrPoisonAsync(FuzzMessage[] messages)
    {
        var queue = new QueueClient(Endpoints.Storage.ConnectionString, QueueNames.Turns);
        await Eventually.BecomesTrueAsync(
            async () => (await queue.GetPropertiesAsync(Cancellation)).Value.ApproximateMessagesCount == 0, Cancellation, TimeSpan.FromMinutes(3));
        var poison = new PoisonedTexts(Endpoints.Storage.ConnectionString);
        await poison.DrainAsync(Cancellation);
        foreach (var message in messages.Where(message => !poison.Have(message.Text)))
        {
            var turn = JsonSerializer.Deserialize(message.Text, ContractsJsonContext.Default.TurnMessage)!;
            _outcome.Accept(turn.SessionId!, turn.TurnId!);
        }

        Assert.InRange(poison.Count, messages.Length / 20, messages.Length);
    }

    private async Task EveryAcceptedTurnEndsAsync()
    {
        foreach (var (session, turn) in _outcome.Accepted)
        {
            await Eventually.BecomesTrueAsync(async () => (await StatusOfAsync(session, turn)).IsTerminal(), Cancellation, TimeSpan.FromMinutes(5));
        }
    }

    private async Task<TurnStatus> StatusOfAsync(string session, string turn)
    {
        using var response = await SendAsync(HttpMethod.Get, $"/api/sessions/{Uri.EscapeDataString(session)}/turns/{Uri.EscapeDataString(turn)}");
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.IsSuccessStatusCode, $"Turn {turn} of {session} was accepted and is gone: {text}");
        return JsonSerializer.Deserialize(text, ContractsJsonContext.Default.TurnResource)!.Status;
    }

    private async Task EverySessionAnswersAsync()
    {
        foreach (var session in FuzzCases.Sessions.Union(_outcome.Accepted.Select(accepted => accepted.Session)))
        {
            using var response = await SendAsync(HttpMethod.Post, $"/api/sessions/{Uri.EscapeDataString(session)}/turns?wait=120", """{"prompt":"still here"}""");

            var turn = JsonSerializer.Deserialize(await response.Content.ReadAsStringAsync(Cancellation), ContractsJsonContext.Default.TurnResource)!;
            Assert.Equal(TurnStatus.Completed, turn.Status);
            Assert.EndsWith(" still here", turn.Reply!.Text, StringComparison.Ordinal);
        }
    }
}
