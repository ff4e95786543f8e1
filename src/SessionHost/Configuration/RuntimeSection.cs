namespace FunctionsBroker.SessionHost.Configuration;

/// <summary>The file's <c>runtime</c>.</summary>
internal sealed class RuntimeSection
{
    /// <value>See <see cref="Options.SessionHostOptions.ClaudeBinary"/>.</value>
    public string? Binary { get; set; }

    /// <value>See <see cref="Options.RuntimeOptions.Flags"/>.</value>
    public string[] Flags { get; set; } = [];

    /// <value>See <see cref="Options.RuntimeOptions.Env"/>.</value>
    public Dictionary<string, string> Env { get; } = new(StringComparer.Ordinal);
}
