using FunctionsBroker.FunctionsHost.App;

namespace FunctionsBroker.FunctionsHost;

/// <summary>What the command line and the environment say: which app, and where it listens.</summary>
internal static class HostArguments
{
    private const string DefaultAddress = "http://127.0.0.1:7071";

    /// <exception cref="HostException">The arguments are wrong.</exception>
    public static (string Folder, Uri Address) Parse(string[] arguments, string usage)
    {
        string? folder = null, address = null;
        for (var index = 0; index < arguments.Length; index++)
        {
            switch (arguments[index])
            {
                case "--urls" when index + 1 < arguments.Length:
                    address = arguments[++index];
                    break;
                case var argument when argument.StartsWith("--urls=", StringComparison.Ordinal):
                    address = argument["--urls=".Length..];
                    break;
                case var argument when !argument.StartsWith('-') && folder is null:
                    folder = argument;
                    break;
                default:
                    throw new HostException(ExitCodes.Usage, usage);
            }
        }

        folder ??= Environment.GetEnvironmentVariable("AzureWebJobsScriptRoot") ?? ".";
        address ??= Environment.GetEnvironmentVariable("ASPNETCORE_URLS") ?? DefaultAddress;
        return Uri.TryCreate(address.Split(';')[0], UriKind.Absolute, out var parsed) && parsed.Scheme == Uri.UriSchemeHttp
            ? (folder, parsed)
            : throw new HostException(ExitCodes.Usage, $"'{address}' is not an address such as {DefaultAddress}");
    }
}

/// <summary>The host's log, on standard output: its own lines, those of the extensions, and the worker's with their categories.</summary>
internal static class HostLogging
{
    public static ILoggerFactory Create(FunctionApp app) => LoggerFactory.Create(logging => logging
        .AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss.fff "))
        // Storage clients warn of every answer that is an error, also of those that are expected; the SDK tells of every step.
        .AddFilter("Azure", LogLevel.Error)
        .AddFilter("DurableTask", LogLevel.Warning)
        .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
        .AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning)
        .AddFilter("Microsoft.Azure.WebJobs.Hosting.OptionsLoggingService", LogLevel.Warning)
        .AddFilter("Grpc", LogLevel.Warning)
        .AddFilter("Yarp", LogLevel.Warning)
        .AddFilter("Function.", LogLevel.Warning)
        .AddFilter("Host.Triggers", LogLevel.Warning)
        .AddConfiguration(app.Host.GetSection("logging")));
}
