using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Sends a function's result, or one property of it, to a storage queue.</summary>
/// <param name="queueName">The queue; may hold <c>%Setting%</c> expressions. Created when it does not exist.</param>
public sealed class QueueOutputAttribute(string queueName) : OutputBindingAttribute
{
    public string QueueName { get; } = queueName;

    /// <summary>The setting (or section) that says where the storage account is; <c>AzureWebJobsStorage</c> when null.</summary>
    public string? Connection { get; set; }
}
