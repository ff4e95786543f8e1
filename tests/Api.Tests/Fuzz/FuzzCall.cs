using System.Text;

namespace FunctionsBroker.Api.Tests.Fuzz;

/// <summary>A request that may be as wrong as can be.</summary>
internal sealed record FuzzCall(string Method, string Path, IReadOnlyList<(string Name, string Value)> Headers, byte[]? Body)
{
    /// <summary>Whether the web server takes the path for another one before the program sees it.</summary>
    public bool IsRewritten => Path.Replace("%2e", ".", StringComparison.Ordinal).Split('?')[0].Split('/').Any(segment => segment is "." or "..");

    /// <summary>For a person who wants to send it again.</summary>
    public override string ToString() =>
        $"{Method} {Path} {string.Join(", ", Headers)} {(Body is null ? string.Empty : Encoding.UTF8.GetString(Body, 0, Math.Min(Body.Length, 500)))}";
}
