using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace FunctionsBroker.SessionHost.Metrics;

/// <summary>Writes metrics in the text format of OpenMetrics 1.0.</summary>
internal sealed class OpenMetricsText
{
    public const string ContentType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private readonly StringBuilder _text = new();

    /// <summary>A series' labels, in the order of their names.</summary>
    public static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        List<string> labels = [];
        foreach (var (name, value) in tags)
        {
            labels.Add($"{name}=\"{Escape(Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty)}\"");
        }

        labels.Sort(StringComparer.Ordinal);
        return string.Join(',', labels);
    }

    public void Add(Instrument instrument, IEnumerable<KeyValuePair<string, Series>> series)
    {
        var (name, type) = (instrument.Name, TypeOf(instrument));
        Line($"# TYPE {name} {type}");
        if (instrument.Description is { } description)
        {
            Line($"# HELP {name} {Escape(description)}");
        }

        foreach (var (labels, values) in series)
        {
            Add(name, type, labels, values);
        }
    }

    public string End()
    {
        Line($"# EOF");
        return _text.ToString();
    }

    private void Add(string name, string type, string labels, Series series)
    {
        var (sum, count, buckets) = series.Read();
        switch (type)
        {
            case "histogram":
                for (var bucket = 0; bucket < buckets.Count; bucket++)
                {
                    Line($"{name}_bucket{Braces(With(labels, $"le=\"{Number(Series.Bounds[bucket])}\""))} {buckets[bucket]}");
                }

                Line($"{name}_bucket{Braces(With(labels, "le=\"+Inf\""))} {count}");
                Line($"{name}_sum{Braces(labels)} {Number(sum)}");
                Line($"{name}_count{Braces(labels)} {count}");
                break;
            case "counter":
                Line($"{name}_total{Braces(labels)} {Number(sum)}");
                break;
            default:
                Line($"{name}{Braces(labels)} {Number(sum)}");
                break;
        }
    }

    private static string TypeOf(Instrument instrument) =>
        instrument switch
        {
            Histogram<double> => "histogram",
            Counter<long> => "counter",
            _ => "gauge",
        };

    private void Line(FormattableString line) => _text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private static string With(string labels, string more) => labels.Length == 0 ? more : $"{labels},{more}";

    private static string Braces(string labels) => labels.Length == 0 ? labels : $"{{{labels}}}";

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
