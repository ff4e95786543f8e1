using FunctionsBroker.Contracts.Hosts;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Access;

/// <summary>Tells whether a call of the front to a host, or of a host to the front, may come in: it has to show all that is asked for.</summary>
public sealed class CallerGate
{
    private readonly KeySet? _keys;
    private readonly IdentityGate? _identities;

    /// <param name="keys">The shared keys, any of which counts; null and empty ones are none.</param>
    /// <exception cref="ArgumentException">Neither a key nor an identity is asked for, which would let everybody in.</exception>
    public CallerGate(IEnumerable<string?> keys, IdentityOptions identity, ILogger<CallerGate> logger)
    {
        ArgumentNullException.ThrowIfNull(identity);

        string[] set = [.. keys.Where(key => !string.IsNullOrEmpty(key)).OfType<string>()];
        _keys = set.Length > 0 ? new KeySet(set) : null;
        _identities = identity.IsAsked ? new IdentityGate(identity, logger) : null;
        if (_keys is null && _identities is null)
        {
            throw new ArgumentException("Callers must be asked for a key or an identity.", nameof(keys));
        }
    }

    /// <param name="key">The key that the caller shows.</param>
    /// <param name="authorization">Its header <c>Authorization</c>.</param>
    public async ValueTask<bool> AdmitsAsync(string? key, string? authorization) =>
        (_keys is null || _keys.Matches(key)) && (_identities is null || await _identities.AdmitsAsync(authorization));
}
