using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using FunctionsBroker.FakeCli.Interactive;
using Microsoft.Win32.SafeHandles;

namespace FunctionsBroker.FakeCli;

/// <summary>
/// A <c>claude</c> that does what its prompts say, one step a line: <c>say TEXT</c> ends the turn with an answer; the
/// other steps, listed in <see cref="Perform"/>, are the ways in which a child process can misbehave.
/// </summary>
/// <param name="transcript">Is written to with each answer; the prompts of turns that were not answered are not in it.</param>
internal sealed class FakeConversation(TextReader input, FakeOutput output, FakeTranscript? transcript)
{
    private const string ToldBefore = "</earlier-messages>\n\n";
    private const int StandardErrorLine = 100;
    private const int StandardOutput = 1;
    private readonly List<PosixSignalRegistration> _ignored = [];
    private readonly List<byte[]> _held = [];
    private string? _openTurn;
    private string _prompt = string.Empty;
    private bool _ignoresEndOfInput;

    public int Run()
    {
        while (input.ReadLine() is { } line)
        {
            if (JsonNode.Parse(line) is JsonObject message && Accept(message) is { } exitCode)
            {
                return exitCode;
            }
        }

        // A turn that is open is gone on with; what ends it here is a signal.
        if (_ignoresEndOfInput || _openTurn is not null)
        {
            _ignored.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, BreakOff));
            Hang();
        }

        return 0;
    }

    private void BreakOff(PosixSignalContext context)
    {
        if (_openTurn is { } turn)
        {
            output.Result(turn, null, "aborted_streaming");
        }
    }

    private int? Accept(JsonObject message)
    {
        switch ((string?)message["type"])
        {
            case "control_request":
                AcceptRequest((string)message["request_id"]!, (string?)message["request"]?["subtype"]);
                return null;
            case "control_response":
                Finish(Describe(message["response"]!));
                return null;
            case "user":
                return RunTurn((string)message["uuid"]!, (string)message["message"]!["content"]!);
            default:
                return null;
        }
    }

    private void AcceptRequest(string requestId, string? subtype)
    {
        output.Answer(requestId);
        if (subtype == "interrupt" && _openTurn is { } turn)
        {
            _openTurn = null;
            output.Result(turn, null, "aborted_streaming");
        }
    }

    private static string Describe(JsonNode response) =>
        (string?)response["response"]?["behavior"] switch
        {
            "allow" => "allowed " + response["response"]!["updatedInput"]?.ToJsonString(),
            "deny" => "denied " + (string?)response["response"]!["message"],
            _ => "refused",
        };

    private int? RunTurn(string messageId, string prompt)
    {
        _openTurn = messageId;
        _prompt = prompt;
        var steps = prompt[(prompt.LastIndexOf(ToldBefore, StringComparison.Ordinal) is >= 0 and var told ? told + ToldBefore.Length : 0)..].Split('\n').AsSpan();

        // "meanwhile TEXT", only as the first step: what the CLI does by itself before it comes to the turn.
        if (Parse(steps[0]) is ("meanwhile", var said))
        {
            output.Lifecycle(messageId, "queued");
            output.Delta(said);
            output.CallTool("Own");
            output.Ask("own-1");
            steps = steps[1..];
        }

        output.Lifecycle(messageId, "started");
        foreach (var step in steps)
        {
            var (verb, argument) = Parse(step);
            if (verb == "times")
            {
                var (limit, limited) = Parse(argument);
                if (CountUse() > Number(limit))
                {
                    continue;
                }

                (verb, argument) = Parse(limited);
            }

            if (verb == "exit")
            {
                return Number(argument);
            }

            Perform(verb, argument);
        }

        return null;
    }

    // "times N STEP": only in the first N processes and turns of the session that come to such a step.
    private static int CountUse()
    {
        const string File = "steps-counted";
        System.IO.File.AppendAllText(File, ".");
        return (int)new FileInfo(File).Length;
    }

    private static (string Verb, string Argument) Parse(string step) =>
        step.Split(' ', 2) is [var verb, var argument] ? (verb, argument) : (step, string.Empty);

    private void Perform(string verb, string argument)
    {
        switch (verb)
        {
            case "say":
                Finish(argument);
                break;
            case "channel":
                // What goes wrong with a push; there is none here.
                break;
            case "say-long":
                Finish(new string('a', Number(argument)));
                break;
            case "text":
                output.Assistant(argument);
                break;
            case "delta":
                output.Delta(argument);
                break;
            case "stream":
                for (var piece = 0; piece < Number(argument); piece++)
                {
                    output.Delta("word" + piece.ToString(CultureInfo.InvariantCulture) + " ");
                }

                break;
            case "abandon":
                output.Abandon();
                break;
            case "tool-end":
                output.ToolResult(argument);
                break;
            case "wait-for":
                SpinWait.SpinUntil(() => File.Exists(argument));
                break;
            case "say-arguments":
                Finish(string.Join('\n', Environment.GetCommandLineArgs()[1..]));
                break;
            case "say-variable":
                Finish(Environment.GetEnvironmentVariable(argument) ?? "not set");
                break;
            case "hold":
                _held.Add(GC.AllocateUninitializedArray<byte>(Number(argument)));
                Array.Fill(_held[^1], (byte)1);
                break;
            case "print":
                output.Raw(argument);
                break;
            case "print-times":
                PrintTimes(argument);
                break;
            case "bytes":
                output.RawBytes(Convert.FromHexString(argument));
                break;
            case "brackets":
                output.Raw("{\"type\":\"x\",\"a\":[" + string.Join(',', Enumerable.Repeat("[]", Number(argument))) + "]}");
                break;
            case "print-long":
                output.Raw(new string('x', Number(argument)));
                break;
            case "stderr":
                for (var written = 0; written < Number(argument); written += StandardErrorLine)
                {
                    Console.Error.WriteLine(new string('e', StandardErrorLine - 1));
                }

                break;
            case "ask":
                output.Ask("fake-1");
                break;
            case "ask-again":
                for (var asked = 0; asked < Number(argument); asked++)
                {
                    output.Ask("fake-" + asked.ToString(CultureInfo.InvariantCulture));
                }

                break;
            case "withdraw":
                output.Withdraw("fake-1");
                break;
            case "ignore-stop":
                _ignoresEndOfInput = true;
                _ignored.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = true));
                break;
            case "leave-child":
                // It holds the pipes that it inherits, in a session of its own.
                Process.Start("setsid", ["sleep", argument]).Dispose();
                break;
            case "hang":
                Hang();
                break;
            case "freeze":
                Process.Start("kill", ["-STOP", Environment.ProcessId.ToString(CultureInfo.InvariantCulture)]).WaitForExit();
                break;
            case "close-output":
                new SafeFileHandle(StandardOutput, ownsHandle: true).Dispose();
                break;
            case "close-input":
                new SafeFileHandle(0, ownsHandle: true).Dispose();
                break;
            case "call-tool":
                output.CallTool(argument);
                break;
            default:
                throw new InvalidOperationException($"There is no step '{verb}'.");
        }
    }

    private void Finish(string text)
    {
        if (_openTurn is { } turn)
        {
            _openTurn = null;
            output.Assistant(text);
            transcript?.Prompt(turn, turn, _prompt);
            transcript?.Answer(text);
            output.Result(turn, text, "completed");
        }
    }

    private void PrintTimes(string argument)
    {
        if (argument.Split(' ', 2) is [var times, var line])
        {
            for (var printed = 0; printed < Number(times); printed++)
            {
                output.Raw(line);
            }
        }
    }

    private static int Number(string argument) => int.Parse(argument, CultureInfo.InvariantCulture);

    private static void Hang()
    {
        using var never = new ManualResetEventSlim();
        never.Wait();
    }
}
