using System.Globalization;
using System.Text;

namespace FunctionsBroker.Local.Storage.Tables;

/// <summary>What is asked for, page by page.</summary>
/// <param name="Path">The path of the resource set.</param>
/// <param name="Filter">An OData filter, or null.</param>
/// <param name="Select">Property names with commas between, or null.</param>
internal sealed record TableQuery(string Path, string? Filter, string? Select)
{
    /// <summary>The query part of a page's address, escaped.</summary>
    public string ForPage(ContinuationToken? continuation, int? pageSize)
    {
        var query = new StringBuilder();
        Append(query, "$filter", string.IsNullOrEmpty(Filter) ? null : Filter);
        Append(query, "$top", pageSize?.ToString(CultureInfo.InvariantCulture));
        Append(query, "$select", Select);
        continuation?.AppendTo((name, value) => Append(query, name, value));
        return query.ToString();
    }

    private static void Append(StringBuilder query, string name, string? value)
    {
        if (value is not null)
        {
            query.Append(query.Length == 0 ? "" : "&").Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }
    }
}
