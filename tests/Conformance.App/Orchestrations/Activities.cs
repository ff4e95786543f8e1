using System.Text.Json;
using FunctionsBroker.Conformance.App.Observation;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsBroker.Conformance.App.Orchestrations;

/// <summary>Activities that the orchestrations call.</summary>
public sealed class Activities(Journal journal)
{
    [Function("Echo")]
    public static JsonElement Echo([ActivityTrigger] JsonElement value) => value;

    [Function("Length")]
    public static int Length([ActivityTrigger] Parcel parcel) => parcel.Text.Length * parcel.Count;

    [Function("Nothing")]
    public static void Nothing([ActivityTrigger] string? input, FunctionContext context)
    {
        // Called for the replay that its end brings.
    }

    [Function("Nullable")]
    public static string? Nullable([ActivityTrigger] string? input) => input;

    [Function("WhoAsked")]
    public static string WhoAsked([ActivityTrigger] string? input, string instanceId, FunctionContext context) =>
        $"{instanceId} {context.FunctionDefinition.Name}";

    [Function("Fail")]
    public static string Fail([ActivityTrigger] string message) =>
        throw new ArgumentOutOfRangeException(nameof(message), message);

    /// <summary>Fails until it has been called often enough; every call is in the journal.</summary>
    [Function("FailUntil")]
    public int FailUntil([ActivityTrigger] Attempts attempts)
    {
        var made = journal.Add(attempts.Topic, "call");
        return made < attempts.SucceedAt ? throw new InvalidOperationException($"attempt {made}") : made;
    }

    [Function("Record")]
    public int Record([ActivityTrigger] Remark remark) => journal.Add(remark.Topic, remark.Text);
}
