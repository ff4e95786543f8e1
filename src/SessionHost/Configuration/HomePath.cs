using System.Diagnostics.CodeAnalysis;

namespace FunctionsBroker.SessionHost.Configuration;

/// <summary>Paths that begin with <c>~</c>, the home of the user that the host runs as.</summary>
internal static class HomePath
{
    [return: NotNullIfNotNull(nameof(path))]
    public static string? Expand(string? path) =>
        path is "~" || path?.StartsWith("~/", StringComparison.Ordinal) == true
            ? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify) + path[1..]
            : path;
}
