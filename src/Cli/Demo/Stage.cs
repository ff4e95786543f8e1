using System.Globalization;
using Spectre.Console;

namespace FunctionsBroker.Cli.Demo;

/// <summary>What the demo shows.</summary>
internal sealed class Stage(IAnsiConsole console)
{
    private const int TextWidth = 34;

    public void Say(string text) => console.MarkupLine($"[bold]demo[/]  {Markup.Escape(text)}");

    public void Heading() => console.MarkupLine(
        $"\n[dim]{"",-4}  {"session",-14}  {"turn",4}  {"by",-5}  {"prompt",-TextWidth}  {"reply",-TextWidth}  {"ms",7}  {"process/turn",-14}  {"host",-6}[/]");

    /// <summary>A turn with what it took, and what of it did not hold.</summary>
    public void Show(DemoTurn turn, IReadOnlyList<string> faults)
    {
        var process = turn.Attempts.Count > 0 ? turn.Attempts[^1].Process : null;
        var ran = process is null ? "-" : string.Create(CultureInfo.InvariantCulture, $"{process.Pid}/{process.Turn}");
        var host = turn.Attempts.Count > 0 ? turn.Attempts[^1].HostId : "-";
        var milliseconds = turn.Elapsed.TotalMilliseconds.ToString("N0", CultureInfo.InvariantCulture);
        console.MarkupLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Mark(faults.Count == 0)}  {Markup.Escape(turn.SessionId),-14}  {turn.Number,4}  {turn.Way,-5}  {Fit(turn.Prompt)}  {Fit(turn.Text ?? turn.Status.ToString())}  {milliseconds,7}  {ran,-14}  {Markup.Escape(host),-6}"));
        foreach (var fault in faults)
        {
            console.MarkupLine($"      [red]{Markup.Escape(fault)}[/]");
        }
    }

    public void Check(bool holds, string what) => console.MarkupLine($"{Mark(holds)}  {Markup.Escape(what)}");

    public void Invite(Uri front, string dataPath)
    {
        var data = Markup.Escape(dataPath);
        console.MarkupLine($"\nStill running; Ctrl-C stops it. Talk to it with [bold]./broker chat SESSION --data {data}[/], or:\n");
        console.WriteLine(
            $"curl -H \"x-functions-key: $(./broker key --data {dataPath})\" -H 'content-type: application/json' -H 'prefer: wait=60' "
            + $"-d '{{\"prompt\":\"hello\"}}' {front}api/sessions/my-session/turns\n");
    }

    /// <summary>The end of the parts' log.</summary>
    public void ShowTail(string logPath, int lines)
    {
        if (!File.Exists(logPath))
        {
            return;
        }

        console.MarkupLine("\n[dim]the last lines of the log:[/]");
        foreach (var line in File.ReadLines(logPath).TakeLast(lines))
        {
            console.WriteLine(line);
        }
    }

    private static string Mark(bool holds) => holds ? "[green]ok  [/]" : "[red]FAIL[/]";

    private static string Fit(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        var fitting = line.Length <= TextWidth ? line : line[..(TextWidth - 1)] + "…";
        return Markup.Escape(fitting) + new string(' ', TextWidth - fitting.Length);
    }
}
