using System.Security.Cryptography;
using System.Text;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsBroker.Local.Functions.Http;

/// <summary>A key as a digest, so that the key itself is in no field, log or dump.</summary>
/// <param name="Digest">SHA-256 of the key.</param>
/// <param name="Level">What the key opens.</param>
/// <param name="FunctionName">The only function it opens; null for any.</param>
internal sealed record FunctionKey(byte[] Digest, AuthorizationLevel Level, string? FunctionName)
{
    public static FunctionKey Of(string value, AuthorizationLevel level, string? functionName = null) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes(value)), level, functionName);

    public bool AppliesTo(string functionName) =>
        FunctionName is null || string.Equals(FunctionName, functionName, StringComparison.OrdinalIgnoreCase);
}
