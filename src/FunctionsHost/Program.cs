using System.Runtime.InteropServices;
using FunctionsBroker.FunctionsHost;
using FunctionsBroker.FunctionsHost.App;

const string Usage = "usage: FunctionsBroker.FunctionsHost [APP_FOLDER] [--urls http://127.0.0.1:7071]";
using var stopping = new CancellationTokenSource();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stopping.Cancel();
}

using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
if (Environment.GetEnvironmentVariable("FUNCTIONS_HOST_PARENT_WATCH") == "1")
{
    // Whoever started it holds the other end of its input, which closes however that process ends.
    _ = Console.OpenStandardInput().CopyToAsync(Stream.Null).ContinueWith(_ => stopping.Cancel(), TaskScheduler.Default);
}

var code = ExitCodes.Ok;
try
{
    var (folder, address) = HostArguments.Parse(args, Usage);
    var app = FunctionApp.Read(folder);
    using var loggers = HostLogging.Create(app);
    await new FunctionsHostProgram(app, address, loggers, TimeProvider.System).RunAsync(stopping.Token);
}
catch (HostException exception)
{
    await Console.Error.WriteLineAsync($"functions-host: {exception.Message}");
    code = exception.ExitCode;
}

// Threads of extensions that storage does not answer would keep the process.
Environment.Exit(code);
