using System.ComponentModel.DataAnnotations;

namespace FunctionsBroker.Local.Durable;

/// <summary>How a task hub runs.</summary>
public sealed class TaskHubOptions
{
    /// <value>Letters and digits, a letter first, 3 to 50 of them. Default: <c>TestHubName</c>.</value>
    [RegularExpression("^[A-Za-z][A-Za-z0-9]{2,49}$")]
    public string HubName { get; set; } = "TestHubName";

    /// <value>Activities that run at a time. At least 1; default: ten per processor.</value>
    [Range(1, int.MaxValue)]
    public int MaxConcurrentActivities { get; set; } = 10 * Environment.ProcessorCount;

    /// <value>Orchestrator episodes and entity batches that run at a time. At least 1; default: ten per processor.</value>
    [Range(1, int.MaxValue)]
    public int MaxConcurrentOrchestrations { get; set; } = 10 * Environment.ProcessorCount;

    /// <value>Instances kept in memory while nothing happens to them. At least 1; default: 2000.</value>
    [Range(1, int.MaxValue)]
    public int MaxCachedInstances { get; set; } = 2000;

    /// <value>How long a hub belongs to a process that has stopped renewing its claim. 1 s to 10 min; default: 30 s.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(30);

    /// <value>
    /// Whether a failed activity's inner exceptions reach the orchestrator. Default: false, because they do not under the
    /// Functions host, which passes an activity's exception on as text.
    /// </value>
    public bool KeepInnerActivityFailures { get; set; }
}
