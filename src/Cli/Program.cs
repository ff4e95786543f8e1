using System.CommandLine;
using FunctionsBroker.Cli;
using FunctionsBroker.Cli.Commands;

var root = new RootCommand("The broker between chat systems and long-lived claude sessions, on this machine.")
{
    ScriptCommand.Create("setup", "Install the pinned tools and build the programs, where that is needed."),
    UpCommand.Create(),
    DemoCommand.Create(),
    ChatCommand.Create(),
    TailCommand.Create(),
    SessionsCommand.Create(),
    TurnsCommand.Create(),
    HostsCommand.Create(),
    UsageCommand.Create(),
    PoisonCommand.Create(),
    KeyCommand.Create(),
    DoctorCommand.Create(),
    ScriptCommand.Create("test", "Check the format, build, and run all tests."),
};

var parsed = root.Parse(args);
try
{
    var code = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    return parsed.Errors.Count > 0 ? ExitCodes.Usage : code;
}
catch (CommandException exception)
{
    await Console.Error.WriteLineAsync($"broker: {exception.Message}");
    return exception.ExitCode;
}
