using System.Security.Cryptography;
using System.Text;

namespace FunctionsBroker.Contracts.Hosts;

/// <summary>HTTP header names of the calls between the front and the session hosts.</summary>
public static class BrokerHeaders
{
    /// <summary>The secret that the front shows to a host.</summary>
    public const string HostKey = "x-broker-host-key";

    /// <summary>The secret that a host shows to the front's callback.</summary>
    public const string CallbackKey = "x-broker-callback-key";
}

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
