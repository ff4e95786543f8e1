using System.Reflection;
using FunctionsBroker.Local.Functions.Discovery;
using FunctionsBroker.Local.Functions.Hosting;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>The entry of a functions app.</summary>
public class FunctionsApplication
{
    /// <summary>Begins an app whose functions are those of the entry assembly.</summary>
    /// <param name="args">The command line: <c>--urls</c>, <c>--port</c>, and settings as <c>--Name=value</c>.</param>
    public static FunctionsApplicationBuilder CreateBuilder(string[] args)
    {
        var entry = Assembly.GetEntryAssembly() ?? throw new InvalidOperationException("There is no entry assembly to take functions from.");
        StartFailures.Watch();
        return new FunctionsApplicationBuilder(args, FunctionSource.Of(entry));
    }

    internal static FunctionsApplicationBuilder CreateBuilder(string[] args, FunctionSource functions) => new(args, functions);
}
