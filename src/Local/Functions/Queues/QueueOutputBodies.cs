using System.Collections;
using Azure.Core.Serialization;

namespace FunctionsBroker.Local.Functions.Queues;

/// <summary>Turns an output into message bodies: text and bytes as they are, a collection as one message per item, the rest as JSON.</summary>
internal static class QueueOutputBodies
{
    public static IEnumerable<BinaryData> Of(object? value, ObjectSerializer serializer) => value switch
    {
        null => [],
        string or byte[] or BinaryData => [Single(value, serializer)],
        IDictionary => [Single(value, serializer)],
        IEnumerable items => items.Cast<object?>().Where(item => item is not null).Select(item => Single(item!, serializer)),
        _ => [Single(value, serializer)],
    };

    private static BinaryData Single(object value, ObjectSerializer serializer) => value switch
    {
        string text => new BinaryData(text),
        byte[] bytes => new BinaryData(bytes),
        BinaryData data => data,
        _ => serializer.Serialize(value, value.GetType(), CancellationToken.None),
    };
}
