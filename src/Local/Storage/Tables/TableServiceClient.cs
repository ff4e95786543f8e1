#nullable disable annotations // As the published package's: its members are oblivious.

using System.Linq.Expressions;
using System.Text.Json;
using Azure.Core;
using Azure.Data.Tables.Models;
using FunctionsBroker.Local.Storage.Tables;
using FunctionsBroker.Local.Storage.Tables.Filters;

namespace Azure.Data.Tables;

/// <summary>The table service of an account. Safe to use from many threads at once.</summary>
public class TableServiceClient
{
    private readonly TableService _service;

    public TableServiceClient(Uri endpoint, AzureSasCredential credential)
        : this(endpoint, credential, null)
    {
    }

    public TableServiceClient(string connectionString)
        : this(connectionString, null)
    {
    }

    /// <param name="endpoint">The service's address, with a SAS in its query if one is needed.</param>
    public TableServiceClient(Uri endpoint, TableClientOptions options = null)
        : this(TableService.Create(NotNull(endpoint), options))
    {
    }

    public TableServiceClient(Uri endpoint, AzureSasCredential credential, TableClientOptions options = null)
        : this(TableService.Create(NotNull(endpoint), NotNull(credential), options))
    {
    }

    public TableServiceClient(Uri endpoint, TableSharedKeyCredential credential)
        : this(endpoint, credential, null)
    {
    }

    public TableServiceClient(Uri endpoint, TableSharedKeyCredential credential, TableClientOptions options)
        : this(TableService.Create(NotNull(endpoint), NotNull(credential), options))
    {
    }

    public TableServiceClient(string connectionString, TableClientOptions options = null)
        : this(TableService.Create(connectionString, options))
    {
    }

    /// <param name="endpoint">The service's https address.</param>
    public TableServiceClient(Uri endpoint, TokenCredential tokenCredential, TableClientOptions options = null)
        : this(TableService.Create(NotNull(endpoint), NotNull(tokenCredential), options))
    {
    }

    /// <summary>For tests that replace the client.</summary>
    protected TableServiceClient()
    {
    }

    private TableServiceClient(TableService service)
    {
        _service = service;
        Uri = new Uri(service.Endpoint.Base);
    }

    public virtual string AccountName => _service.Endpoint.Account;

    public virtual Uri Uri { get; }

    /// <summary>An OData filter from a condition on a table.</summary>
    public static string CreateQueryFilter(Expression<Func<TableItem, bool>> filter) =>
        FilterTranslator.Translate(filter, static name => name == nameof(TableItem.Name) ? "TableName" : name);

    /// <summary>An OData filter from an interpolated string whose arguments are quoted and escaped.</summary>
    public static string CreateQueryFilter(FormattableString filter) => ODataLiteral.Interpolate(filter);

    /// <summary>A client of one table over the same pipeline.</summary>
    public virtual TableClient GetTableClient(string tableName) => new(_service, tableName);

    public virtual AsyncPageable<TableItem> QueryAsync(string filter = null, int? maxPerPage = null, CancellationToken cancellationToken = default) =>
        new QueryPages<TableItem>(_service, new TableQuery("/Tables", filter, null), maxPerPage, ReadTables, cancellationToken) { OfTables = true };

    public virtual AsyncPageable<TableItem> QueryAsync(FormattableString filter, int? maxPerPage = null, CancellationToken cancellationToken = default) =>
        QueryAsync(CreateQueryFilter(filter), maxPerPage, cancellationToken);

    public virtual AsyncPageable<TableItem> QueryAsync(
        Expression<Func<TableItem, bool>> filter, int? maxPerPage = null, CancellationToken cancellationToken = default) =>
        QueryAsync(CreateQueryFilter(filter), maxPerPage, cancellationToken);

    /// <exception cref="RequestFailedException">409 <c>TableAlreadyExists</c>, among others.</exception>
    public virtual async Task<Response<TableItem>> CreateTableAsync(string tableName, CancellationToken cancellationToken = default) =>
        await CreateTableAsync(_service, tableName, mayExist: false, cancellationToken);

    /// <returns>The table; the status of the raw answer is 409 where it existed.</returns>
    public virtual async Task<Response<TableItem>> CreateTableIfNotExistsAsync(string tableName, CancellationToken cancellationToken = default) =>
        await CreateTableAsync(_service, tableName, mayExist: true, cancellationToken);

    /// <returns>The service's answer, which is 404 where there was no table.</returns>
    public virtual async Task<Response> DeleteTableAsync(string tableName, CancellationToken cancellationToken = default) =>
        await DeleteTableAsync(_service, tableName, cancellationToken);

    internal static async Task<Response<TableItem>> CreateTableAsync(
        TableService service, string name, bool mayExist, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        var body = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["TableName"] = name });
        using var message = service.CreateMessage(RequestMethod.Post, "/Tables", body);
        message.Request.Headers.Add("Prefer", "return-no-content");
        var response = await service.SendAsync(message, tolerated: 409, cancellationToken);
        if (response.Status == 409 && TableService.Failure(response) is var failure
            && !(mayExist && failure.ErrorCode == TableErrorCode.TableAlreadyExists))
        {
            throw failure;
        }

        return Response.FromValue(new TableItem(name), response);
    }

    internal static async Task<Response> DeleteTableAsync(TableService service, string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        using var message = service.CreateMessage(RequestMethod.Delete, $"/Tables('{Uri.EscapeDataString(name)}')");
        return await service.SendAsync(message, tolerated: 404, cancellationToken);
    }

    private static IReadOnlyList<TableItem> ReadTables(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.GetProperty("value").EnumerateArray()
            .Select(table => new TableItem(table.GetProperty("TableName").GetString()))];
    }

    private static T NotNull<T>(T argument)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(argument);
        return argument;
    }
}
