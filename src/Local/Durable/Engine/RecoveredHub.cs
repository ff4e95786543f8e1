using FunctionsBroker.Local.Durable.Instances;
using FunctionsBroker.Local.Durable.Log;

namespace FunctionsBroker.Local.Durable.Engine;

/// <summary>A hub that has been taken over: its log, fenced against earlier owners, and what is alive in it.</summary>
internal sealed record RecoveredHub(HubLog Log, InstanceStore Store, IReadOnlyCollection<LiveInstance> Instances, long LastLsn);
