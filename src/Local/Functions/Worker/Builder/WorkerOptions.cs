using Azure.Core.Serialization;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Settings of a worker.</summary>
public class WorkerOptions
{
    /// <summary>Reads and writes the JSON of queue messages and activity inputs; made from the app's <c>JsonSerializerOptions</c> when null.</summary>
    public ObjectSerializer? Serializer { get; set; }
}
