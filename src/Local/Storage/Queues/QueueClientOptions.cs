#nullable disable annotations // As the published package's: its members are oblivious.

using Azure.Core;
using FunctionsBroker.Local.Storage.Http;

namespace Azure.Storage.Queues;

/// <summary>Options of the queue clients: encoding, service version, and retries, transport and diagnostics of Azure.Core.</summary>
public class QueueClientOptions : ClientOptions
{
    private const ServiceVersion Latest = ServiceVersion.V2025_01_05;

    public QueueClientOptions(ServiceVersion version = Latest)
    {
        if (!Enum.IsDefined(version))
        {
            throw new ArgumentOutOfRangeException(nameof(version), version, "Not a known service version.");
        }

        Version = version;
        Transport = StoragePipeline.SharedTransport;
    }

    /// <summary>
    /// Raised for a received or peeked message whose text is not base64 although the encoding says so. Where it has a
    /// handler, such messages are handed to it and left out of the result; where it has none, receiving them throws.
    /// </summary>
    public event SyncAsyncEventHandler<QueueMessageDecodingFailedEventArgs> MessageDecodingFailed;

    /// <summary>Versions of the queue service's REST protocol.</summary>
    public enum ServiceVersion
    {
        V2019_02_02 = 1,
        V2019_07_07 = 2,
        V2019_12_12 = 3,
        V2020_02_10 = 4,
        V2020_04_08 = 5,
        V2020_06_12 = 6,
        V2020_08_04 = 7,
        V2020_10_02 = 8,
        V2020_12_06 = 9,
        V2021_02_12 = 10,
        V2021_04_10 = 11,
        V2021_06_08 = 12,
        V2021_08_06 = 13,
        V2021_10_04 = 14,
        V2021_12_02 = 15,
        V2022_11_02 = 16,
        V2023_01_03 = 17,
        V2023_05_03 = 18,
        V2023_08_03 = 19,
        V2023_11_03 = 20,
        V2024_02_04 = 21,
        V2024_05_04 = 22,
        V2024_08_04 = 23,
        V2024_11_04 = 24,
        V2025_01_05 = 25,
    }

    public ServiceVersion Version { get; }

    /// <summary>How bodies are written into message texts; as they are by default.</summary>
    public QueueMessageEncoding MessageEncoding { get; set; } = QueueMessageEncoding.None;

    internal string VersionString => Version.ToString()[1..].Replace('_', '-');

    internal SyncAsyncEventHandler<QueueMessageDecodingFailedEventArgs> DecodingFailedHandlers => MessageDecodingFailed;
}
