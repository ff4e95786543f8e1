using System.Security.Cryptography;
using System.Text;

namespace FunctionsBroker.Contracts.Hosts;

/// <summary>Secrets any of which a caller may show.</summary>
public sealed class KeySet
{
    private readonly IReadOnlyList<byte[]> _digests;

    /// <param name="keys">The secrets; without one nobody is let in.</param>
    public KeySet(IEnumerable<string> keys) => _digests = [.. keys.Select(Digest)];

    /// <summary>Whether what a caller shows is one of them. Digests have one length and every key is looked at, so the time that it takes tells nothing.</summary>
    public bool Matches(string? shown)
    {
        var presented = Digest(shown ?? string.Empty);
        var matches = false;
        foreach (var digest in _digests)
        {
            matches |= CryptographicOperations.FixedTimeEquals(digest, presented);
        }

        return matches;
    }

    private static byte[] Digest(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
