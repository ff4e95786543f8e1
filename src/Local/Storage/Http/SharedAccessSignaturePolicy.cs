using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace FunctionsBroker.Local.Storage.Http;

/// <summary>Appends the credential's signature to the query; reads it per try, since the credential can be updated.</summary>
internal sealed class SharedAccessSignaturePolicy(AzureSasCredential credential) : HttpPipelineSynchronousPolicy
{
    private const string AppliedProperty = "FunctionsBroker.Local.Storage.Signature";

    public override void OnSendingRequest(HttpMessage message)
    {
        var signature = credential.Signature.TrimStart('?');
        var query = message.Request.Uri.Query;
        if (message.TryGetProperty(AppliedProperty, out var applied) && applied is string previous)
        {
            query = query.Replace(previous, string.Empty, StringComparison.Ordinal).TrimEnd('&');
        }

        message.Request.Uri.Query = query.TrimStart('?').Length == 0 ? signature : $"{query}&{signature}";
        message.SetProperty(AppliedProperty, signature);
    }
}
