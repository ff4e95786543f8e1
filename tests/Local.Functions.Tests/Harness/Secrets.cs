using System.Text.Json.Nodes;

namespace FunctionsBroker.Local.Functions.Tests.Harness;

/// <summary>Reads the keys of a test app from its files.</summary>
internal static class Secrets
{
    public static string HostKey(TestApp app) => (string)Read(app)["functionKeys"]![0]!["value"]!;

    public static string MasterKey(TestApp app) => (string)Read(app)["masterKey"]!["value"]!;

    private static JsonNode Read(TestApp app) => JsonNode.Parse(File.ReadAllText(Path.Combine(app.SecretsFolder, "host.json")))!;
}
