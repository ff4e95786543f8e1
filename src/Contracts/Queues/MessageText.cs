using System.Buffers.Text;
using System.Text;

namespace FunctionsBroker.Contracts.Queues;

/// <summary>Reads queue messages of both habits: base64, as the Azure SDKs for Functions write them, and plain text.</summary>
public static class MessageText
{
    // Throws on bytes that are no UTF-8, so that base64 of something else is not taken for text.
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text of a message. JSON objects begin with a brace, which is no base64 character, so there is no doubt which it is.</summary>
    public static string Decode(ReadOnlySpan<byte> raw)
    {
        if (Base64.IsValid(raw, out var length) && length > 0)
        {
            var bytes = Convert.FromBase64String(Encoding.ASCII.GetString(raw));
            try
            {
                return s_strict.GetString(bytes);
            }
            catch (DecoderFallbackException)
            {
                // Base64 of no text: what was sent is shown as it came.
            }
        }

        return Encoding.UTF8.GetString(raw);
    }
}
