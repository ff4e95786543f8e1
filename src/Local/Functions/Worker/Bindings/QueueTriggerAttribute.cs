using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Runs a function for each message of a storage queue.</summary>
/// <param name="queueName">The queue; may hold <c>%Setting%</c> expressions.</param>
public sealed class QueueTriggerAttribute(string queueName) : TriggerBindingAttribute
{
    public string QueueName { get; } = queueName;

    /// <summary>The setting (or section) that says where the storage account is; <c>AzureWebJobsStorage</c> when null.</summary>
    public string? Connection { get; set; }
}
