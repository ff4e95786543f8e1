using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Conformance.App.Observation;

/// <summary>Writes the entries of one category to the journal, under the category's name.</summary>
internal sealed class JournalLogger(Journal journal, string category) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        journal.Add(category, formatter(state, exception));
}
