using System.CommandLine;
using FunctionsBroker.Cli.Output;
using FunctionsBroker.Cli.Stack;

namespace FunctionsBroker.Cli.Commands;

/// <summary><c>broker up</c>: runs the whole broker until it is told to stop.</summary>
internal static class UpCommand
{
    private const int DefaultPort = 7071;

    // Under this name the program itself writes to the log.
    private const string Own = "up";

    public static Command Create()
    {
        var options = new StackOptionSet("The port of the front; 0 takes a free one.");
        options.Port.DefaultValueFactory = _ => DefaultPort;
        var data = DataOption.Create();
        var quiet = new Option<bool>("--quiet") { Description = "Leave the parts' output to the file broker.log in the data folder." };
        var command = new Command("up", "Start storage, front and session hosts with your own credentials, and keep them running.")
        {
            options.Port, options.Hosts, options.FunctionsHost, data, quiet,
        };
        command.SetAction((parsed, _) =>
        {
            var stack = new StackOptions
            {
                Port = parsed.GetValue(options.Port),
                Hosts = parsed.GetValue(options.Hosts),
                DataPath = parsed.GetRequiredValue(data),
                FunctionsHost = parsed.GetValue(options.FunctionsHost),
            };
            return RunAsync(stack, parsed.GetValue(quiet));
        });
        return command;
    }

    private static async Task<int> RunAsync(StackOptions options, bool quiet)
    {
        using var signals = new Signals();
        using var log = new PartLog(Console.Out, Terminal.HasColours, quiet ? part => part == Own : null);
        try
        {
            await using var stack = await BrokerStack.StartAsync(options, log, TimeProvider.System, signals.Stop);
            Console.WriteLine(
                $"ready  {stack.Endpoints.Front.Url.ToString().TrimEnd('/')}  ({Hosts(options.Hosts)}, data {stack.DataPath})");
            await Terminal.UntilAsync(signals.Stop);
            log.Write(Own, "stopping; once more to stop at once");
            await stack.StopAsync(signals.Now);
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            // Told to stop before everything was ready; what was started is stopped.
        }

        return ExitCodes.Success;
    }

    private static string Hosts(int count) => count == 1 ? "1 host" : $"{count} hosts";
}
