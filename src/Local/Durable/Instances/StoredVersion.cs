using Azure;

namespace FunctionsBroker.Local.Durable.Instances;

/// <summary>What the rows of an instance look like, to be replaced by a newer version.</summary>
/// <param name="Parts">Number of rows that hold what did not fit into the first.</param>
/// <param name="Lsn">The last log entry that the rows hold the effect of; names those rows.</param>
internal sealed record StoredVersion(ETag ETag, int Parts, long Lsn);
