using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.Local.Functions.Hosting;

/// <summary>
/// Ends a program that could not start with what its owner has to mend, and exit code 1, where the runtime would print
/// a stack trace. Everything else that nobody catches ends as it does anywhere.
/// </summary>
internal static class StartFailures
{
    private const int ExitCode = 1;

    private static readonly object s_mark = new();
    private static int s_watching;

    /// <summary>Begins to watch for what nobody catches.</summary>
    public static void Watch()
    {
        if (Interlocked.Exchange(ref s_watching, 1) == 0)
        {
            AppDomain.CurrentDomain.UnhandledException += static (_, failure) =>
            {
                if (failure.ExceptionObject is Exception exception && Describe(exception) is { } description)
                {
                    Console.Error.WriteLine($"The app cannot start.{Environment.NewLine}{description}");
                    Environment.Exit(ExitCode);
                }
            };
        }
    }

    /// <summary>Marks an exception, in the filter of a <c>catch</c>, as one whose message says all: a fault of the app or its settings.</summary>
    /// <returns>False: the exception goes on.</returns>
    public static bool Mark(Exception exception)
    {
        if (exception is InvalidDataException or InvalidOperationException or NotSupportedException)
        {
            exception.Data[s_mark] = true;
        }

        return false;
    }

    /// <summary>Returns what to tell the owner; null when the exception is no fault of the app's declarations or settings.</summary>
    public static string? Describe(Exception exception) => exception switch
    {
        _ when exception.Data.Contains(s_mark) => exception.Message,
        OptionsValidationException validation => string.Join(Environment.NewLine, validation.Failures),
        IOException { InnerException: AddressInUseException } => exception.Message,
        _ => null,
    };
}
