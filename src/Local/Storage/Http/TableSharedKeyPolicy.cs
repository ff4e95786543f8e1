using Azure.Core;
using Azure.Core.Pipeline;
using FunctionsBroker.Local.Storage.Accounts;

namespace FunctionsBroker.Local.Storage.Http;

/// <summary>
/// Signs requests with the table service's SharedKeyLite scheme: date and resource only, so a request is signed without
/// looking at its headers or body.
/// Source: https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key
/// </summary>
internal sealed class TableSharedKeyPolicy(string account, AccountKey key, TimeProvider time) : HttpPipelineSynchronousPolicy
{
    public override void OnSendingRequest(HttpMessage message)
    {
        var date = time.GetUtcNow().ToString("R");
        var address = message.Request.Uri.ToUri();
        var signature = key.Sign($"{date}\n/{account}{address.AbsolutePath}{Component(address.Query)}");
        message.Request.Headers.SetValue("x-ms-date", date);
        message.Request.Headers.SetValue("Authorization", $"SharedKeyLite {account}:{signature}");
    }

    // Of the query, only 'comp' is part of the resource that is signed.
    private static string Component(string query)
    {
        foreach (var parameter in query.TrimStart('?').Split('&'))
        {
            if (parameter.StartsWith("comp=", StringComparison.Ordinal))
            {
                return "?" + parameter;
            }
        }

        return string.Empty;
    }
}
