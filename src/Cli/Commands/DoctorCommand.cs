using System.CommandLine;
using FunctionsBroker.Cli.Doctor;
using Spectre.Console;

namespace FunctionsBroker.Cli.Commands;

/// <summary><c>broker doctor</c>: says what is missing and how to get it.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var data = DataOption.Create();
        var command = new Command("doctor", "Say what is there, what is missing and how to get it.") { data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var checks = new Checks(Repository.Find(), parsed.GetRequiredValue(data));
            var failed = false;
            await foreach (var finding in checks.RunAsync(cancellationToken))
            {
                failed |= finding.State == FindingState.Missing;
                Print(finding);
            }

            return failed ? ExitCodes.Failure : ExitCodes.Success;
        });
        return command;
    }

    private static void Print(Finding finding)
    {
        var mark = finding.State switch
        {
            FindingState.Good => "[green]ok     [/]",
            FindingState.Note => "[yellow]note   [/]",
            _ => "[red]missing[/]",
        };
        AnsiConsole.Profile.Width = int.MaxValue;
        AnsiConsole.MarkupLine($"{mark}  {Markup.Escape(finding.Subject),-12}  {Markup.Escape(finding.Text)}");
    }
}
