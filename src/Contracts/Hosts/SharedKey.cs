using System.Security.Cryptography;
using System.Text;

namespace FunctionsBroker.Contracts.Hosts;

/// <summary>A secret that callers show, and a spare one that counts as much while the first is being changed.</summary>
public sealed class SharedKey
{
    private readonly byte[] _key;
    private readonly byte[] _spare;

    /// <param name="key">The secret.</param>
    /// <param name="spare">The spare one; null or empty for none.</param>
    public SharedKey(string key, string? spare)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);

        _key = Hash(key);
        _spare = string.IsNullOrEmpty(spare) ? _key : Hash(spare);
    }

    /// <summary>Whether what a caller shows is one of the two. Hashes have one length, so the time that it takes tells nothing.</summary>
    public bool Matches(string? shown)
    {
        var hash = Hash(shown ?? string.Empty);
        return CryptographicOperations.FixedTimeEquals(hash, _key) | CryptographicOperations.FixedTimeEquals(hash, _spare);
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
