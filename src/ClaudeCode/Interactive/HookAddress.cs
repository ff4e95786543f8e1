namespace FunctionsBroker.ClaudeCode.Interactive;

/// <summary>Where a process reports what happens in it, and how it shows that it may.</summary>
/// <param name="Base">A loopback address that ends with a slash; the name of the event is put behind it.</param>
/// <param name="Secret">Known to this process alone; it is sent in the header <see cref="Header"/>.</param>
/// <remarks>
/// Measured on 2.1.329: an <c>http</c> hook sends the static <c>headers</c> of its settings as they are. They are in a
/// file that only the process's own user can read, so the secret is in no address, log or list of processes.
/// </remarks>
internal sealed record HookAddress(Uri Base, string Secret)
{
    /// <summary>The header that carries <see cref="HeaderValue"/>.</summary>
    public const string Header = "Authorization";

    public string HeaderValue => $"Bearer {Secret}";

    public Uri For(string hookEvent) => new(Base, hookEvent);

    /// <summary>Without the secret.</summary>
    public override string ToString() => Base.ToString();
}
