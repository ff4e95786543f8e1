namespace FunctionsBroker.SessionHost.Options;

/// <summary>What every process gets beside its profile, section <c>Host:Runtime</c>.</summary>
internal sealed class RuntimeOptions
{
    /// <value>Arguments of the CLI, which may name fields of a declared session: <c>--mcp-config={{mcp_config}}</c>.</value>
    public string[] Flags { get; set; } = [];

    /// <value>Variables of the process, which may name fields in the same way.</value>
    public Dictionary<string, string> Env { get; } = new(StringComparer.Ordinal);
}
