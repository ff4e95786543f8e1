using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FunctionsBroker.Conformance.App.Observation;

/// <summary>Keeps what is logged under <c>Conformance.*</c>.</summary>
public sealed class JournalLoggerProvider(Journal journal) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) =>
        categoryName.StartsWith("Conformance.", StringComparison.Ordinal) ? new JournalLogger(journal, categoryName) : NullLogger.Instance;

    public void Dispose()
    {
        // Nothing is held.
    }
}
