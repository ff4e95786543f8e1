using System.CommandLine;
using FunctionsBroker.Cli.Doctor;
using FunctionsBroker.Cli.Output;
using Spectre.Console;

namespace FunctionsBroker.Cli.Commands;

/// <summary><c>broker doctor</c>: says what is missing and how to get it.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var data = DataOption.Create();
        var channels = new Option<bool>("--channels") { Description = "Start the CLI once to hear whether it takes a channel's messages." };
        var command = new Command("doctor", "Say what is there, what is missing and how to get it.") { data, channels };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var checks = new Checks(Repository.Find(), parsed.GetRequiredValue(data), parsed.GetValue(channels));
            var console = Terminal.Create();
            var failed = false;
            await foreach (var finding in checks.RunAsync(cancellationToken))
            {
                failed |= finding.State == FindingState.Missing;
                Print(console, finding);
            }

            return failed ? ExitCodes.Failure : ExitCodes.Success;
        });
        return command;
    }

    private static void Print(IAnsiConsole console, Finding finding)
    {
        var mark = finding.State switch
        {
            FindingState.Good => "[green]ok     [/]",
            FindingState.Note => "[yellow]note   [/]",
            _ => "[red]missing[/]",
        };
        console.MarkupLine($"{mark}  {Markup.Escape(finding.Subject),-12}  {Markup.Escape(finding.Text)}");
    }
}
