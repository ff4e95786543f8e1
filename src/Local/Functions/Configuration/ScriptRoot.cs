namespace FunctionsBroker.Local.Functions.Configuration;

/// <summary>Finds the function app's folder, which holds host.json.</summary>
internal static class ScriptRoot
{
    private const string Variable = "AzureWebJobsScriptRoot";

    /// <summary>The folder that <c>AzureWebJobsScriptRoot</c> names, else the working folder if host.json is there, else the program's own.</summary>
    public static string Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            return Path.GetFullPath(named);
        }

        var working = Directory.GetCurrentDirectory();
        return File.Exists(Path.Combine(working, HostJsonReader.FileName)) ? working : AppContext.BaseDirectory;
    }
}
