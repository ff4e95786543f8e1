using System.CommandLine;

namespace FunctionsBroker.Bench;

/// <summary><c>host</c>: what sessions cost a session host.</summary>
internal static class HostCommand
{
    public static Command Create()
    {
        var sessions = new Option<int>("--sessions") { Description = "Sessions that one host knows.", DefaultValueFactory = _ => 1000 };
        var megabytes = new Option<int>("--transcript-mb") { Description = "The size of the long transcript.", DefaultValueFactory = _ => 200 };
        var turns = new Option<int>("--turns") { Description = "Turns, resumes and starts of each kind.", DefaultValueFactory = _ => 30 };
        var command = new Command("host", "Measures idle sessions, resumes, ready processes and long transcripts on one session host.") { sessions, megabytes, turns };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await new HostBenchmark(parsed.GetValue(sessions), parsed.GetValue(turns)).RunAsync(cancellationToken);
            await new ReadyBenchmark(parsed.GetValue(turns)).RunAsync(cancellationToken);
            await new TranscriptBenchmark(parsed.GetValue(megabytes), parsed.GetValue(turns)).RunAsync(cancellationToken);
            return 0;
        });
        return command;
    }
}
