namespace FunctionsBroker.ClaudeCode.Launch;

/// <summary>Finds programs as the system does.</summary>
internal static class ProgramPath
{
    /// <summary>The full path of a program; the name itself where no folder of the <c>PATH</c> has it.</summary>
    public static string Find(string program, IReadOnlyDictionary<string, string> environment)
    {
        if (program.Contains('/', StringComparison.Ordinal))
        {
            return Path.GetFullPath(program);
        }

        var folders = environment.GetValueOrDefault("PATH", string.Empty).Split(':', StringSplitOptions.RemoveEmptyEntries);
        return folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists) ?? program;
    }

    /// <summary>Where the path leads after all links.</summary>
    public static string Resolve(string path) => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
}
