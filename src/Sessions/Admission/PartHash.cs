using System.Security.Cryptography;
using System.Text;

namespace FunctionsBroker.Sessions.Admission;

/// <summary>SHA-256 over texts one after the other, each with its length, so that no two different rows of texts give the same bytes.</summary>
internal sealed class PartHash : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <param name="part">Null is another part than an empty one.</param>
    public void Append(string? part)
    {
        var bytes = part is null ? [] : Encoding.UTF8.GetBytes(part);
        _hash.AppendData(BitConverter.GetBytes(part is null ? -1 : bytes.Length));
        _hash.AppendData(bytes);
    }

    /// <returns>The hash of what was appended, in lower-case hexadecimal.</returns>
    public override string ToString() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public void Dispose() => _hash.Dispose();
}
