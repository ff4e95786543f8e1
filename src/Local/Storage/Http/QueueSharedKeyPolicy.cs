using System.Globalization;
using System.Text;
using Azure.Core;
using Azure.Core.Pipeline;
using FunctionsBroker.Local.Storage.Accounts;

namespace FunctionsBroker.Local.Storage.Http;

/// <summary>
/// Signs requests with the queue service's SharedKey scheme.
/// Source: https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key
/// </summary>
internal sealed class QueueSharedKeyPolicy(string account, AccountKey key, TimeProvider time) : HttpPipelineSynchronousPolicy
{
    public override void OnSendingRequest(HttpMessage message)
    {
        var request = message.Request;
        request.Headers.SetValue("x-ms-date", time.GetUtcNow().ToString("R"));
        request.Headers.SetValue("Authorization", $"SharedKey {account}:{key.Sign(StringToSign(request))}");
    }

    private string StringToSign(Request request)
    {
        var text = new StringBuilder(512);
        text.Append(request.Method.Method).Append('\n');
        AppendHeader(text, request, "Content-Encoding");
        AppendHeader(text, request, "Content-Language");
        text.Append(ContentLength(request)).Append('\n');
        AppendHeader(text, request, "Content-MD5");
        AppendHeader(text, request, "Content-Type");

        // The date is sent as x-ms-date, which leaves its own line empty.
        text.Append('\n');
        AppendHeader(text, request, "If-Modified-Since");
        AppendHeader(text, request, "If-Match");
        AppendHeader(text, request, "If-None-Match");
        AppendHeader(text, request, "If-Unmodified-Since");
        AppendHeader(text, request, "Range");
        AppendCanonicalHeaders(text, request);
        AppendCanonicalResource(text, request.Uri.ToUri());
        return text.ToString();
    }

    private static string ContentLength(Request request) =>
        request.Content is not null && request.Content.TryComputeLength(out var length) && length > 0
            ? length.ToString(CultureInfo.InvariantCulture)
            : string.Empty;

    private static void AppendHeader(StringBuilder text, Request request, string name)
    {
        if (request.Headers.TryGetValue(name, out var value))
        {
            text.Append(value);
        }

        text.Append('\n');
    }

    private static void AppendCanonicalHeaders(StringBuilder text, Request request)
    {
        var headers = new List<(string Name, string Value)>();
        foreach (var header in request.Headers)
        {
            if (header.Name.StartsWith("x-ms-", StringComparison.OrdinalIgnoreCase))
            {
                headers.Add((header.Name.ToLowerInvariant(), header.Value));
            }
        }

        headers.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        foreach (var (name, value) in headers)
        {
            text.Append(name).Append(':').Append(value).Append('\n');
        }
    }

    private void AppendCanonicalResource(StringBuilder text, Uri address)
    {
        text.Append('/').Append(account).Append(address.AbsolutePath.Length > 0 ? address.AbsolutePath : "/");
        if (address.Query.Length <= 1)
        {
            return;
        }

        var parameters = new List<(string Name, string Value)>();
        foreach (var parameter in address.Query[1..].Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = parameter.IndexOf('=', StringComparison.Ordinal);
            parameters.Add(equals < 0
                ? (Uri.UnescapeDataString(parameter).ToLowerInvariant(), string.Empty)
                : (Uri.UnescapeDataString(parameter[..equals]).ToLowerInvariant(), Uri.UnescapeDataString(parameter[(equals + 1)..])));
        }

        parameters.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        foreach (var (name, value) in parameters)
        {
            text.Append('\n').Append(name).Append(':').Append(value);
        }
    }
}
