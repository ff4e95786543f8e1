using Azure.Storage.Queues;

namespace FunctionsBroker.Local.Functions.Configuration;

/// <summary>The <c>extensions.queues</c> section of host.json.</summary>
internal sealed record QueuesHostOptions
{
    /// <summary>How many messages one request takes, 1 to 32. Default 16.</summary>
    public required int BatchSize { get; init; }

    /// <summary>The number of running messages at or below which the next batch is fetched. Default half of <see cref="BatchSize"/>.</summary>
    public required int NewBatchThreshold { get; init; }

    /// <summary>How often a message is tried before it goes to the poison queue. Default 5.</summary>
    public required int MaxDequeueCount { get; init; }

    /// <summary>The longest wait between two looks at an empty queue, 100 ms or more. Default 1 minute.</summary>
    public required TimeSpan MaxPollingInterval { get; init; }

    /// <summary>How long a failed message stays invisible before it is tried again. Default zero.</summary>
    public required TimeSpan VisibilityTimeout { get; init; }

    /// <summary>How message bodies are encoded, on triggers and on outputs. Default base64.</summary>
    public required QueueMessageEncoding MessageEncoding { get; init; }
}
