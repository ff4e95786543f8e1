using System.Text;
using FunctionsBroker.ClaudeCode.Interactive;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Tests.Isolation;

/// <summary>The model sees what a user has written, and nothing that the CLI would make of it: no file, no listing, no command.</summary>
[Trait("Category", "EndToEnd")]
public sealed class VerbatimPromptTests
{
    private const string Found = "found 0 times beside what you said";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(Timeout = 4 * TestTimeouts.DefaultMilliseconds)]
    [InlineData(ClaudeTransports.StreamJson)]
    [InlineData(ClaudeTransports.StreamJson, "Profiles:default:Tools=default")]
    [InlineData(ClaudeTransports.OneShot)]
    [InlineData(ClaudeTransports.Channel, "Profiles:default:Channel:TypedInput=true", "Profiles:default:Channel:Arrival=00:00:30", "Profiles:default:Channel:Probe=00:00:30")]
    [InlineData(ClaudeTransports.Api, "Profiles:default:ApiModel=claude-sonnet-4-5")]
    public async Task Whatever_a_prompt_mentions_or_begins_with_it_is_text(string transport, params string[] settings)
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1", [$"Profiles:default:Transports:0={transport}", .. settings]);
        using var secrets = new TempDirectory();
        var secret = "canary" + Guid.NewGuid().ToString("N");
        var file = secrets.Combine("a file.txt");
        await File.WriteAllTextAsync(file, $"{secret}\nsecond line\n", Cancellation);
        await File.WriteAllTextAsync(secrets.Combine(secret), "", Cancellation);
        await File.WriteAllTextAsync(secrets.Combine("plain.txt"), secret, Cancellation);
        string[] prompts =
        [
            $"summarise @{secrets.Combine("plain.txt")}",
            $"@\"{file}\" please",
            $"and @{secrets.Path}/",
            $"@{secrets.Combine("plain.txt")}#L1-2",
            "/cost",
            "/clear",
            "\uFEFF/cost",
            $"!cat {secrets.Combine("plain.txt")}",
        ];

        for (var number = 0; number < prompts.Length; number++)
        {
            var answered = await cluster.RunAsync(host, "room:1", $"t{number}", prompts[number]);
            Assert.Equal(Expected(number + 1, prompts[number], transport), answered.Reply?.Text);
        }

        var named = await cluster.PrepareAsync(host, "room:1", "named", "and this?") with
        {
            Attachments = [new Attachment { Name = $"@{secrets.Combine("plain.txt")}", MediaType = "text/plain", Data = Convert.ToBase64String(Encoding.UTF8.GetBytes("nothing")) }],
        };
        if (transport != ClaudeTransports.Channel)
        {
            await host.AcceptAsync("room:1", named);
            Assert.Equal($"[{prompts.Length + 1}] and this?", (await cluster.EndAsync("room:1", "named")).Reply?.Text);
        }

        Assert.EndsWith(Found, (await cluster.RunAsync(host, "room:1", "last", $"search {secret}")).Reply?.Text, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_profile_with_commands_runs_them_and_attaches_nothing()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1", "Profiles:default:Commands=true");
        using var secrets = new TempDirectory();
        var secret = "canary" + Guid.NewGuid().ToString("N");
        await File.WriteAllTextAsync(secrets.Combine("plain.txt"), secret, Cancellation);

        var cost = await cluster.RunAsync(host, "room:1", "t1", "/cost");
        var mention = await cluster.RunAsync(host, "room:1", "t2", $"/unknown @{secrets.Combine("plain.txt")}");

        Assert.Equal(TurnStatus.Completed, cost.Status);
        Assert.DoesNotContain(cluster.Model.Requests, request => request.Prompt == "/cost");
        Assert.Equal(TurnStatus.Completed, mention.Status);
        Assert.EndsWith(Found, (await cluster.RunAsync(host, "room:1", "last", $"search {secret}")).Reply?.Text, StringComparison.Ordinal);
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData(ClaudeTransports.StreamJson)]
    [InlineData(ClaudeTransports.OneShot)]
    public async Task A_profile_with_mentions_shows_files_of_the_working_folder_and_no_others(string transport)
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1", "Profiles:default:Mentions=true", $"Profiles:default:Transports:0={transport}");
        using var secrets = new TempDirectory();
        var (own, foreign) = ("own" + Guid.NewGuid().ToString("N"), "foreign" + Guid.NewGuid().ToString("N"));
        await cluster.RunAsync(host, "room:1", "t1", "hello");
        await File.WriteAllTextAsync(secrets.Combine("plain.txt"), foreign, Cancellation);
        await File.WriteAllTextAsync(Path.Combine((await cluster.FoldersOfAsync("room:1")).Work, "notes.txt"), own, Cancellation);
        var prompt = $"what is in @notes.txt and @{secrets.Combine("plain.txt")}";

        Assert.Equal($"[2] {prompt}", (await cluster.RunAsync(host, "room:1", "t2", prompt)).Reply?.Text);

        Assert.DoesNotContain(Found, (await cluster.RunAsync(host, "room:1", "t3", $"search {own}")).Reply?.Text, StringComparison.Ordinal);
        Assert.EndsWith(Found, (await cluster.RunAsync(host, "room:1", "t4", $"search {foreign}")).Reply?.Text, StringComparison.Ordinal);
    }

    // A terminal takes some texts for orders, so there a label stands before them; and it drops what cannot be seen.
    private static string Expected(int turn, string prompt, string transport) =>
        $"[{turn}] {(transport == ClaudeTransports.Channel ? TypedText.Harmless(prompt).Replace("\uFEFF", "", StringComparison.Ordinal).TrimEnd() : prompt)}";
}
