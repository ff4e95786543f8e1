using System.Security.Cryptography;
using System.Text;

namespace FunctionsBroker.ClaudeCode.Hooks;

/// <summary>Where the hooks of one process arrive, until it is disposed.</summary>
public sealed class HookRoute : IDisposable
{
    private const int SecretBytes = 32;
    private readonly byte[] _secret;
    private readonly Action<HookRoute> _close;

    internal HookRoute(IReadOnlyList<string> names, Func<HookEvent, CancellationToken, Task<HookAnswer>> listener, Action<HookRoute> close)
    {
        Names = names;
        Listener = listener;
        _close = close;
        Secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes));
        _secret = Encoding.ASCII.GetBytes(Secret);
    }

    /// <summary>What the caller has to show: 64 hexadecimal digits, made for this process alone.</summary>
    public string Secret { get; }

    /// <summary>The names that it has in an address.</summary>
    public IReadOnlyList<string> Names { get; }

    internal Func<HookEvent, CancellationToken, Task<HookAnswer>> Listener { get; }

    public void Dispose() => _close(this);

    /// <summary>Compares in the same time whatever is shown.</summary>
    internal bool Opens(string? shown) =>
        shown is not null && CryptographicOperations.FixedTimeEquals(_secret, Encoding.UTF8.GetBytes(shown));
}
