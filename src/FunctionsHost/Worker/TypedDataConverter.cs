using FunctionsBroker.FunctionsHost.Protocol;
using Google.Protobuf;
using Microsoft.Azure.WebJobs;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace FunctionsBroker.FunctionsHost.Worker;

/// <summary>Values of the WebJobs SDK as the worker protocol's <c>TypedData</c>, and back.</summary>
internal static class TypedDataConverter
{
    // A text that looks like a date stays the text that it is.
    private static readonly JsonSerializerSettings s_json = new() { DateParseHandling = DateParseHandling.None };

    public static TypedData ToTypedData(object? value) => value switch
    {
        null => new TypedData(),
        string text => new TypedData { String = text },
        byte[] bytes => new TypedData { Bytes = ByteString.CopyFrom(bytes) },
        double number => new TypedData { Double = number },
        ParameterBindingData reference => new TypedData
        {
            ModelBindingData = new ModelBindingData
            {
                Version = reference.Version,
                Source = reference.Source,
                ContentType = reference.ContentType,
                Content = ByteString.CopyFrom(reference.Content.ToMemory().Span),
            },
        },
        TimerInfo timer => new TypedData { Json = JsonConvert.SerializeObject(new { timer.ScheduleStatus, timer.IsPastDue, Schedule = new { timer.Schedule?.AdjustForDST } }) },
        JToken json => new TypedData { Json = json.ToString(Formatting.None) },
        _ => SerializeOther(value),
    };

    public static object? FromTypedData(TypedData? data) => data?.DataCase switch
    {
        TypedData.DataOneofCase.String => data.String,
        TypedData.DataOneofCase.Json => JsonConvert.DeserializeObject(data.Json, s_json),
        TypedData.DataOneofCase.Bytes => data.Bytes.ToByteArray(),
        TypedData.DataOneofCase.Int => data.Int,
        TypedData.DataOneofCase.Double => data.Double,
        _ => null,
    };

    /// <summary>The queue messages that an output is: one for each item of an array, else one; none for no output.</summary>
    /// <remarks>Items that are JSON are indented, as those of the real host are (measured).</remarks>
    public static IEnumerable<string> ToMessages(TypedData? data) => data?.DataCase switch
    {
        TypedData.DataOneofCase.String => [data.String],
        TypedData.DataOneofCase.Bytes => [data.Bytes.ToStringUtf8()],
        TypedData.DataOneofCase.CollectionString => data.CollectionString.String,
        TypedData.DataOneofCase.CollectionBytes => data.CollectionBytes.Bytes.Select(item => item.ToStringUtf8()),
        TypedData.DataOneofCase.Json => JsonConvert.DeserializeObject<JToken>(data.Json, s_json) switch
        {
            null => [],
            JArray array => array.Select(item => item.ToString()),
            JValue { Value: string text } => [text],
            _ => [data.Json],
        },
        null or TypedData.DataOneofCase.None => [],
        _ => [Convert.ToString(FromTypedData(data), System.Globalization.CultureInfo.InvariantCulture) ?? ""],
    };

    private static TypedData SerializeOther(object value)
    {
        try
        {
            return new TypedData { Json = JsonConvert.SerializeObject(value) };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or NotSupportedException)
        {
            // Trigger metadata holds whatever an extension puts there; its text is as good as nothing, and no reason to fail.
            return new TypedData { String = value.ToString() ?? "" };
        }
    }
}
