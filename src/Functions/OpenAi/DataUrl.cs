using System.Diagnostics.CodeAnalysis;

namespace FunctionsBroker.Functions.OpenAi;

/// <summary>A <c>data:</c> URL (RFC 2397) in base64. Whether the data are what they say is for the attachment's rules.</summary>
internal sealed record DataUrl(string MediaType, string Data)
{
    private const string Scheme = "data:";
    private const string Marker = ";base64,";

    public static bool TryParse(string? text, [NotNullWhen(true)] out DataUrl? url)
    {
        url = text is not null
            && text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && text.IndexOf(Marker, StringComparison.OrdinalIgnoreCase) is > 0 and var end
            ? new DataUrl(text[Scheme.Length..end].Split(';')[0], text[(end + Marker.Length)..])
            : null;
        return url is not null;
    }
}
