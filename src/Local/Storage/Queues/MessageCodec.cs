using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace FunctionsBroker.Local.Storage.Queues;

/// <summary>Makes message texts of bodies and messages of answers.</summary>
internal static class MessageCodec
{
    public static string Encode(BinaryData body, QueueMessageEncoding encoding) => encoding switch
    {
        QueueMessageEncoding.None => body.ToString(),
        QueueMessageEncoding.Base64 => Convert.ToBase64String(body.ToMemory().Span),
        _ => throw new ArgumentException($"Unsupported message encoding {encoding}", nameof(encoding)),
    };

    /// <exception cref="FormatException">The text is not base64 although the encoding says so.</exception>
    public static BinaryData Decode(string? text, QueueMessageEncoding encoding) => encoding switch
    {
        QueueMessageEncoding.None => new BinaryData(text ?? string.Empty),
        QueueMessageEncoding.Base64 => new BinaryData(Convert.FromBase64String(text ?? string.Empty)),
        _ => throw new ArgumentException($"Unsupported message encoding {encoding}", nameof(encoding)),
    };

    public static QueueMessage ReadReceived(IReadOnlyDictionary<string, string> elements, QueueMessageEncoding encoding) => new()
    {
        MessageId = elements.GetValueOrDefault("MessageId"),
        PopReceipt = elements.GetValueOrDefault("PopReceipt"),
        Body = Decode(elements.GetValueOrDefault("MessageText"), encoding),
        NextVisibleOn = Time(elements, "TimeNextVisible"),
        InsertedOn = Time(elements, "InsertionTime"),
        ExpiresOn = Time(elements, "ExpirationTime"),
        DequeueCount = Count(elements),
    };

    public static PeekedMessage ReadPeeked(IReadOnlyDictionary<string, string> elements, QueueMessageEncoding encoding) => new()
    {
        MessageId = elements.GetValueOrDefault("MessageId"),
        Body = Decode(elements.GetValueOrDefault("MessageText"), encoding),
        InsertedOn = Time(elements, "InsertionTime"),
        ExpiresOn = Time(elements, "ExpirationTime"),
        DequeueCount = Count(elements),
    };

    public static SendReceipt ReadSent(IReadOnlyDictionary<string, string> elements) => new()
    {
        MessageId = elements.GetValueOrDefault("MessageId"),
        PopReceipt = elements.GetValueOrDefault("PopReceipt"),
        InsertionTime = Time(elements, "InsertionTime") ?? default,
        ExpirationTime = Time(elements, "ExpirationTime") ?? default,
        TimeNextVisible = Time(elements, "TimeNextVisible") ?? default,
    };

    private static DateTimeOffset? Time(IReadOnlyDictionary<string, string> elements, string name) =>
        elements.GetValueOrDefault(name) is { } text ? QueueXml.ReadTime(text) : null;

    private static long Count(IReadOnlyDictionary<string, string> elements) =>
        long.TryParse(elements.GetValueOrDefault("DequeueCount"), out var count) ? count : 0;
}
