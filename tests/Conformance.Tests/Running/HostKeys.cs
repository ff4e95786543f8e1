namespace FunctionsBroker.Conformance.Tests.Running;

/// <summary>The keys of the host that runs the app.</summary>
/// <param name="Master">Opens everything.</param>
/// <param name="Host">Opens every function.</param>
/// <param name="Function">Opens the function <c>Guarded</c> only.</param>
public sealed record HostKeys(string Master, string Host, string Function)
{
    public static HostKeys New() => new(NewKey(), NewKey(), NewKey());

    public static HostKeys FromEnvironment() => new(
        Environment.GetEnvironmentVariable("CONFORMANCE_MASTER_KEY") ?? string.Empty,
        Environment.GetEnvironmentVariable("CONFORMANCE_HOST_KEY") ?? string.Empty,
        Environment.GetEnvironmentVariable("CONFORMANCE_FUNCTION_KEY") ?? string.Empty);

    /// <summary>Writes them in the form of the Functions host's file repository.</summary>
    public void WriteTo(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "host.json"), $$"""
            {
              "masterKey": { "name": "master", "value": "{{Master}}", "encrypted": false },
              "functionKeys": [ { "name": "default", "value": "{{Host}}", "encrypted": false } ],
              "systemKeys": []
            }
            """);
        File.WriteAllText(Path.Combine(folder, "guarded.json"), $$"""
            { "keys": [ { "name": "default", "value": "{{Function}}", "encrypted": false } ] }
            """);
    }

    private static string NewKey() => Guid.NewGuid().ToString("N");
}
