using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.ClaudeCode.Tests.StreamJson;

/// <summary>A child that writes what no CLI should: the turn ends as it would have, and memory stays bounded.</summary>
[Collection(nameof(RunsAlone))]
public sealed class HostileOutputTests
{
    private const long Megabyte = 1024 * 1024;

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData("bytes 7B2274797065223AFFFE7D0A", 1)] // {"type": and two bytes that are no UTF-8
    [InlineData("bytes 000000000A", 1)]
    [InlineData("brackets 3000000", 1)]
    [InlineData("""print {"type":"result","is_error":false,"result":12,"user_message_uuids":"x"}""", 0)]
    [InlineData("""print {"type":"result","result":"x","type":"novelty","type":"novelty"}""", 1)]
    [InlineData("""print {"type":"system","subtype":"api_retry","attempt":1e400,"retry_delay_ms":-1e308}""", 0)]
    [InlineData("""print {"type":"result","user_message_uuids":["x"],"total_cost_usd":79228162514264337593543950335,"model_usage_since_last_result":{"a":{"costUSD":79228162514264337593543950335},"b":{"costUSD":79228162514264337593543950335}}}""", 0)]
    [InlineData("""print {"type":"stream_event","event":{"type":"content_block_delta","index":99999999999999999999,"delta":{"type":"text_delta","text":"\ud83d"}}}""", 0)]
    [InlineData("""print {"type":"control_response","response":{"request_id":"nobody"}}""", 0)]
    [InlineData("""print {"type":"control_cancel_request"}""", 0)]
    [InlineData("""print {"type":"assistant","message":{"content":[1,null,[],{"type":7},{"type":"tool_use","input":"x"}]}}""", 0)]
    [InlineData("""print {"type":"user","message":{"content":[{"type":"tool_result","content":[null,{"type":"text"}]}]}}""", 0)]
    public async Task Run_StrangeLine_IsCountedAtMost(string step, int unusable)
    {
        await using var fake = await FakeProcess.StartAsync();

        Assert.Equal("done", await fake.RunForTextAsync(step, "say done"));
        Assert.Equal(unusable, fake.Process.UnusableLines);
        Assert.Equal("again", await fake.RunForTextAsync("say again"));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Run_HalfACharacterInTheAnswer_IsReplacedAndTheTurnEnds()
    {
        await using var fake = await FakeProcess.StartAsync("old");

        Assert.Equal("cut \uFFFD\n🐳", await fake.RunForTextAsync("""print {"type":"result","is_error":false,"result":"cut \ud83d\n\ud83d\udc33"}"""));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Run_OverlongLinesInARow_TakeTheMemoryOfOne()
    {
        await using var fake = await FakeProcess.StartAsync();
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var running = fake.RunForTextAsync([.. Enumerable.Repeat($"print-long {CliProcess.MaxLineBytes + 1000}", 10), "say done"]);
        var peak = 0L;
        while (!running.IsCompleted)
        {
            // What is held, not what the collector has not come round to: that depends on the machine.
            peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true) - before);
            await Task.WhenAny(running, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken));
        }

        Assert.Equal("done", await running);
        Assert.Equal(10, fake.Process.UnusableLines);
        Assert.InRange(peak, long.MinValue, 3 * CliProcess.MaxLineBytes);

        // What other tests of the program still hold is let go too, in its time.
        await Eventually.BecomesTrueAsync(
            () => GC.GetTotalMemory(forceFullCollection: true) - before <= 20 * Megabyte,
            TestContext.Current.CancellationToken);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Run_LongAnswerThatIsNoResult_IsHeldOnce()
    {
        await using var fake = await FakeProcess.StartAsync();
        var long5 = new string('a', 5_000_000);

        Assert.Equal("done", await fake.RunForTextAsync([.. Enumerable.Repeat($$"""print-times 5 {"type":"novelty","a":"{{long5}}"}""", 1), "say done"]));
        Assert.Equal(5, fake.Process.UnusableLines);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Run_FloodOnBothPipes_IsReadToTheEnd()
    {
        await using var fake = await FakeProcess.StartAsync();

        Assert.Equal("done", await fake.RunForTextAsync(
            "print-times 50000 garbage between messages",
            "stderr 2000000",
            """print-times 50000 {"type":"command_lifecycle","command_uuid":"x","state":"started"}""",
            "say done"));
        Assert.Equal(50_000, fake.Process.UnusableLines);
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData("control \u0001\u001b[31m\u007f")]
    [InlineData("nul \0 inside")]
    [InlineData("separators \u2028\u2029\u0085")]
    [InlineData("half \ud83d")]
    [InlineData("\udc33 half")]
    [InlineData("quote \" backslash \\ {\"type\":\"user\"}")]
    public async Task Run_StrangePrompt_ReachesTheChildAsOneLine(string prompt)
    {
        await using var fake = await FakeProcess.StartAsync();

        var expected = prompt.Replace("\ud83d", "\uFFFD", StringComparison.Ordinal).Replace("\udc33", "\uFFFD", StringComparison.Ordinal);
        Assert.Equal(expected, await fake.RunForTextAsync("say " + prompt));
    }
}
