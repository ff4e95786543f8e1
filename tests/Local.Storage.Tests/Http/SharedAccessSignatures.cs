using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FunctionsBroker.TestKit.Storage;

namespace FunctionsBroker.Local.Storage.Tests.Http;

/// <summary>
/// Makes account signatures that may do everything in the emulator's account.
/// Source: https://learn.microsoft.com/rest/api/storageservices/create-account-sas
/// </summary>
internal static class SharedAccessSignatures
{
    private const string Version = "2019-02-02";
    private const string Permissions = "rwdlacup";
    private const string Services = "qt";
    private const string ResourceTypes = "sco";

    public static string Create(DateTimeOffset expires)
    {
        var expiry = expires.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        var toSign = $"{Azurite.AccountName}\n{Permissions}\n{Services}\n{ResourceTypes}\n\n{expiry}\n\n\n{Version}\n";
        var signature = HMACSHA256.HashData(Convert.FromBase64String(Azurite.AccountKey), Encoding.UTF8.GetBytes(toSign));
        return $"sv={Version}&ss={Services}&srt={ResourceTypes}&sp={Permissions}"
            + $"&se={Uri.EscapeDataString(expiry)}&sig={Uri.EscapeDataString(Convert.ToBase64String(signature))}";
    }
}
