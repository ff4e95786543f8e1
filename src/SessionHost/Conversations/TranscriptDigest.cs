using System.Security.Cryptography;

namespace FunctionsBroker.SessionHost.Conversations;

/// <summary>The SHA-256 of a transcript's beginning, which grows with the transcript: what was read once is not read again.</summary>
/// <remarks>Not safe for concurrent use.</remarks>
internal sealed class TranscriptDigest : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _length;

    /// <summary>What was read is not the beginning of the file any more.</summary>
    public void Forget()
    {
        _ = _hash.GetHashAndReset();
        _length = 0;
    }

    /// <summary>Reads on.</summary>
    /// <param name="length">Up to where, in bytes.</param>
    /// <returns>The digest up to there, in hexadecimal.</returns>
    /// <exception cref="EndOfStreamException">The file is shorter.</exception>
    public async Task<string> ReadAsync(FileStream file, long length, CancellationToken cancellationToken)
    {
        if (length < _length)
        {
            Forget();
        }

        file.Position = _length;
        var block = new byte[Math.Min(length - _length, 256 * 1024)];
        while (_length < length)
        {
            var read = block.AsMemory(0, (int)Math.Min(length - _length, block.Length));
            await file.ReadExactlyAsync(read, cancellationToken);
            _hash.AppendData(read.Span);
            _length += read.Length;
        }

        return Convert.ToHexStringLower(_hash.GetCurrentHash());
    }

    public void Dispose() => _hash.Dispose();
}
