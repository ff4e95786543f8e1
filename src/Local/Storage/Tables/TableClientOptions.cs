using Azure.Core;
using FunctionsBroker.Local.Storage.Http;

namespace Azure.Data.Tables;

/// <summary>Options of the table clients: service version, and retries, transport and diagnostics of Azure.Core.</summary>
public class TableClientOptions : ClientOptions
{
    private const ServiceVersion Latest = ServiceVersion.V2020_12_06;

    public TableClientOptions(ServiceVersion serviceVersion = Latest)
    {
        VersionString = serviceVersion switch
        {
            ServiceVersion.V2019_02_02 => "2019-02-02",
            ServiceVersion.V2020_12_06 => "2020-12-06",
            _ => throw new ArgumentOutOfRangeException(nameof(serviceVersion), serviceVersion, "Not a known service version."),
        };
        Transport = StoragePipeline.SharedTransport;
    }

    /// <summary>Versions of the table service's REST protocol.</summary>
    public enum ServiceVersion
    {
        V2019_02_02 = 1,
        V2020_12_06 = 2,
    }

    internal string VersionString { get; }
}
