#nullable disable annotations // As the published package's: its members are oblivious.

using System.Linq.Expressions;
using FunctionsBroker.Local.Storage.Tables;
using FunctionsBroker.Local.Storage.Tables.Entities;
using FunctionsBroker.Local.Storage.Tables.Filters;

namespace Azure.Data.Tables;

public partial class TableClient
{
    /// <summary>An OData filter from a condition on an entity; null if the condition is just <c>true</c>.</summary>
    /// <exception cref="NotSupportedException">The service has nothing that the condition could become.</exception>
    public static string CreateQueryFilter<T>(Expression<Func<T, bool>> filter) => FilterTranslator.Translate(filter);

    /// <summary>An OData filter from an interpolated string whose arguments are quoted and escaped.</summary>
    public static string CreateQueryFilter(FormattableString filter) => ODataLiteral.Interpolate(filter);

    /// <summary>Reads the entities that meet a condition, in key order.</summary>
    /// <param name="maxPerPage">At most so many entities per request; the service's own limit is 1000.</param>
    /// <param name="select">The properties to read; null reads all.</param>
    public virtual AsyncPageable<T> QueryAsync<T>(
        Expression<Func<T, bool>> filter, int? maxPerPage = null, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity =>
        QueryAsync<T>(CreateQueryFilter(filter), maxPerPage, select, cancellationToken);

    /// <inheritdoc cref="QueryAsync{T}(Expression{Func{T, bool}}, int?, IEnumerable{string}, CancellationToken)"/>
    /// <param name="filter">An OData filter; null reads the whole table.</param>
    public virtual AsyncPageable<T> QueryAsync<T>(
        string filter = null, int? maxPerPage = null, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity =>
        new QueryPages<T>(
            _service,
            new TableQuery(_path + "()", filter, select is null ? null : string.Join(',', select)),
            maxPerPage,
            EntityReader.ReadPage<T>,
            cancellationToken);
}
