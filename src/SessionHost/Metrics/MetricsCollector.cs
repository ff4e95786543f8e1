using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace FunctionsBroker.SessionHost.Metrics;

/// <summary>Adds up what a meter's instruments report, for whoever comes to read it.</summary>
internal sealed class MetricsCollector : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<Instrument, ConcurrentDictionary<string, Series>> _instruments = new();

    public MetricsCollector(HostMetrics metrics)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == metrics.Meter)
            {
                _instruments[instrument] = new ConcurrentDictionary<string, Series>(StringComparer.Ordinal);
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>The state of all instruments as OpenMetrics text.</summary>
    public string Write()
    {
        _listener.RecordObservableInstruments();
        var text = new OpenMetricsText();
        foreach (var (instrument, series) in _instruments.OrderBy(entry => entry.Key.Name, StringComparer.Ordinal))
        {
            text.Add(instrument, series.OrderBy(entry => entry.Key, StringComparer.Ordinal));
        }

        return text.End();
    }

    public void Dispose() => _listener.Dispose();

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (_instruments.TryGetValue(instrument, out var series))
        {
            series.GetOrAdd(OpenMetricsText.Labels(tags), _ => new Series()).Take(value, replace: instrument.IsObservable);
        }
    }
}
