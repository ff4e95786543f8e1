using System.CommandLine;
using FunctionsBroker.Cli.Demo;
using FunctionsBroker.Cli.Output;
using FunctionsBroker.Cli.Stack;

namespace FunctionsBroker.Cli.Commands;

/// <summary><c>broker demo</c>: the whole broker with a loopback model, and a conversation that shows what it does.</summary>
internal static class DemoCommand
{
    private const int LogTail = 60;

    public static Command Create()
    {
        var options = new StackOptionSet("The port of the front; 0 takes a free one.");
        var data = new Option<string?>("--data") { Description = "The folder to run on; a fresh one when not given.", HelpName = "DIR" };
        var exit = new Option<bool>("--exit") { Description = "End after the conversation, with 0 only if every step held." };
        var command = new Command("demo", "Show a real conversation through the real claude CLI, without a credential: by HTTP, by queue, and with a host killed in the middle.")
        {
            options.Port, options.Hosts, options.FunctionsHost, data, exit,
        };
        command.SetAction(async (parsed, _) =>
        {
            using var folder = DemoFolder.Open(parsed.GetValue(data));
            var stack = new StackOptions
            {
                Port = parsed.GetValue(options.Port),
                Hosts = parsed.GetValue(options.Hosts),
                DataPath = folder.Path,
                FunctionsHost = parsed.GetValue(options.FunctionsHost),
                WithLoopbackModel = true,
            };
            return await RunAsync(stack, folder, parsed.GetValue(exit));
        });
        return command;
    }

    private static async Task<int> RunAsync(StackOptions options, DemoFolder folder, bool exit)
    {
        using var signals = new Signals();
        using var log = new PartLog(TextWriter.Null, colours: false);
        var stage = new Stage(Terminal.Create());
        try
        {
            stage.Say($"starting storage, the model, the front and the session hosts (log: {folder.LogPath})");
            await using var stack = await BrokerStack.StartAsync(options, log, TimeProvider.System, signals.Stop);
            stage.Say($"ready at {stack.Endpoints.Front.Url}");
            try
            {
                return await ShowAsync(stack, stage, folder, exit, signals.Stop) ? ExitCodes.Success : ExitCodes.Failure;
            }
            finally
            {
                await stack.StopAsync(signals.Now);
            }
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            stage.Say("stopped before the end");
            return ExitCodes.Failure;
        }
        catch (Exception exception) when (exception is CommandException or HttpRequestException)
        {
            folder.Keep(true);
            stage.ShowTail(folder.LogPath, LogTail);
            throw exception as CommandException ?? new CommandException(ExitCodes.Failure, exception.Message);
        }
    }

    private static async Task<bool> ShowAsync(BrokerStack stack, Stage stage, DemoFolder folder, bool exit, CancellationToken stop)
    {
        using var show = new DemoShow(stack, stage, TimeProvider.System);
        var held = await show.RunAsync(stop);
        folder.Keep(!held);
        if (!held)
        {
            stage.ShowTail(folder.LogPath, LogTail);
        }

        if (!exit)
        {
            stage.Invite(stack.Endpoints.Front.Url, folder.Path);
            await Terminal.UntilAsync(stop);
        }

        return held;
    }
}
