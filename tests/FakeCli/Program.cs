using FunctionsBroker.FakeCli;
using FunctionsBroker.FakeCli.Interactive;

// What is wrong from the start is named in the environment, in a variable that the host's allow-list lets through.
switch (Environment.GetEnvironmentVariable("CLAUDE_CODE_FAKE_START"))
{
    case "refuse":
        Console.Error.WriteLine("Error: this installation is broken");
        return 1;
    case "hang":
        using (var never = new ManualResetEventSlim())
        {
            never.Wait();
        }

        break;
    case "in-use" when args.Contains("--session-id"):
        Console.Error.WriteLine("Error: Session ID is already in use.");
        return 1;
}

if (args.Contains("--dangerously-load-development-channels"))
{
    return await FakeInteractive.RunAsync(args);
}

// An old version: it reports no lifecycles and does not say which line a result answers.
var correlates = Environment.GetEnvironmentVariable("CLAUDE_CODE_FAKE_START") != "old";
var transcript = FakeOptions.FindTranscript(args) is { } path ? new FakeTranscript(path) : null;
return new FakeConversation(Console.In, new FakeOutput(Console.Out, correlates), transcript).Run();
