using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.ClaudeCode.Tests.RealCli;

/// <summary>Whatever tools a profile has, with the real CLI nothing goes on once a turn has ended: it would be nobody's turn.</summary>
[Trait("Category", "EndToEnd")]
public sealed class OutlivingWorkTests
{
    private const string NoSuchTool = "No such tool available";

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData("""CronCreate {"cron":"* * * * *","prompt":"hello"}""", NoSuchTool)]
    [InlineData("""ScheduleWakeup {"delaySeconds":60,"reason":"x","prompt":"hello"}""", NoSuchTool)]
    [InlineData("""Workflow {"script":"x"}""", NoSuchTool)]
    [InlineData("""Monitor {"command":"echo tick","description":"x"}""", NoSuchTool)]
    [InlineData("""Bash {"command":"echo tick","description":"x","run_in_background":true}""", "unexpected parameter `run_in_background`")]
    public async Task Turn_ItsModelAsksForWorkThatOutlivesIt_IsToldThatThereIsNone(string call, string expected)
    {
        var profile = new ClaudeProfile
        {
            Tools = ClaudeProfile.AllTools,
            AllowedTools = ["CronCreate", "ScheduleWakeup", "Workflow", "Monitor", "Bash"],
        };
        await using var conversation = await RealConversation.BeginAsync(profile);
        var process = await conversation.StartAsync();

        var answer = await conversation.AskForTextAsync(process, "t1", $"call tool {call}");

        Assert.Contains(expected, answer, StringComparison.Ordinal);
    }
}
