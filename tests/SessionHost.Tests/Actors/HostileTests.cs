using System.Text;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Tests.Actors;

/// <summary>A session that misbehaves harms nobody but itself.</summary>
[Collection(nameof(RunsAlone))]
public sealed class HostileTests
{
    private const long Megabyte = 1024 * 1024;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = 2 * TestTimeouts.DefaultMilliseconds)]
    public async Task Sessions_BesideOnesThatFlood_AreServedInBoundedMemory()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1", "TurnMax=00:00:45", "TurnIdle=00:00:30", "Profiles:default:Transports:0=stream-json", "Profiles:default:MaxRetries=0");
        string[] floods =
        [
            "stream 200000\nsay x",
            "print-times 200000 garbage\nsay x",
            "print-long 40000000\nprint-long 40000000\nsay x",
            "ask-again 100000\nhang",
            "stderr 20000000\nsay x",
        ];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var number = 0; number < floods.Length; number++)
        {
            await host.AcceptAsync("bad-" + number, await cluster.PrepareAsync(host, "bad-" + number, "t-bad-" + number, floods[number]));
        }

        for (var turn = 0; turn < 5; turn++)
        {
            Assert.Equal("fine", (await cluster.RunAsync(host, "good", "t" + turn, "say fine")).Reply!.Text);
        }

        for (var number = 0; number < floods.Length; number++)
        {
            await cluster.Callbacks.WaitAsync("t-bad-" + number);
        }

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 128 * Megabyte);
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData("\u0000\u0001\u001b")]
    [InlineData("\u2028\u2029")]
    [InlineData("\ud83d")]
    public async Task Prompt_WithStrangeCharacters_IsAnswered(string characters)
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");

        var turn = await cluster.RunAsync(host, "a", "t1", $"say a{characters}b");

        Assert.Equal($"a{characters.Replace("\ud83d", "\uFFFD", StringComparison.Ordinal)}b", turn.Reply!.Text);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    [Trait("Category", "EndToEnd")]
    public async Task A_prompt_with_strange_characters_reaches_the_model()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1");

        var turn = await cluster.RunAsync(host, "a", "t1", "a\0b\u0001\u001b[31m\u2028c\ud83dd 🐳");

        Assert.Equal("[1] a\0b\u0001\u001b[31m\u2028c\uFFFDd 🐳", turn.Reply!.Text);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Body_WithHalfACharacterOrDeepNesting_IsAProblem()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");
        foreach (var body in new[]
        {
            """{"turnId":"t","epoch":1,"attempt":1,"prompt":"\ud83d","callbackUrl":"http://x/"}""",
            new string('[', 100_000),
            """{"turnId":"t","epoch":1e99,"attempt":1,"prompt":"x","callbackUrl":"http://x/"}""",
        })
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var response = await host.Http.PostAsync("/sessions/a/turns", content, Cancellation);
            Assert.Equal(ProblemCodes.InvalidJson, (await RunningHost.ProblemAsync(response)).Code);
        }
    }
}
