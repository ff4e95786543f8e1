using System.Security.Cryptography;

namespace FunctionsBroker.Cli.Data;

/// <summary>The account of a data folder's storage: its own, so that nobody else has its key.</summary>
internal sealed record StorageAccount(string Name, string Key)
{
    private const int KeyBytes = 64;

    public static StorageAccount Create() => new("broker", Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes)));
}
