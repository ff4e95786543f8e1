using System.Security.Cryptography;
using System.Text;

namespace FunctionsBroker.Local.Storage.Accounts;

/// <summary>A decoded account key, replaceable while in use (key rotation).</summary>
internal sealed class AccountKey
{
    private volatile byte[] _key;

    public AccountKey(string base64) => _key = Convert.FromBase64String(base64);

    public void Replace(string base64) => _key = Convert.FromBase64String(base64);

    /// <summary>The base64 HMAC-SHA256 of <paramref name="text"/> in UTF-8.</summary>
    public string Sign(string text)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(text), hash);
        return Convert.ToBase64String(hash);
    }
}
