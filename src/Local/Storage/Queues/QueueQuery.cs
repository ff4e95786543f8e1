using System.Globalization;
using System.Text;

namespace FunctionsBroker.Local.Storage.Queues;

/// <summary>The query part of an address, escaped; parameters without a value are left out.</summary>
internal sealed class QueueQuery
{
    private readonly StringBuilder _query = new();

    public QueueQuery Add(string name, string? value)
    {
        if (value is not null)
        {
            _query.Append(_query.Length == 0 ? "" : "&").Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }

        return this;
    }

    public QueueQuery Add(string name, int? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));

    /// <summary>In whole seconds, as the service counts.</summary>
    public QueueQuery Add(string name, TimeSpan? value) => Add(name, value is { } span ? (int)span.TotalSeconds : null);

    public override string ToString() => _query.ToString();
}
