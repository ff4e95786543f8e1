#nullable disable annotations // As the published package's: its members are oblivious.

using Azure.Core;
using Azure.Data.Tables.Models;
using FunctionsBroker.Local.Storage.Accounts;
using FunctionsBroker.Local.Storage.Tables;

namespace Azure.Data.Tables;

/// <summary>One table of an account. Safe to use from many threads at once.</summary>
public partial class TableClient
{
    private readonly TableService _service;
    private readonly string _path;

    /// <param name="endpoint">The address of the table, with a SAS in its query if one is needed.</param>
    public TableClient(Uri endpoint, TableClientOptions options = null)
        : this(TableService.Create(WithoutTable(endpoint), options), TableOf(endpoint))
    {
    }

    /// <param name="endpoint">The address of the table.</param>
    public TableClient(Uri endpoint, AzureSasCredential credential, TableClientOptions options = null)
        : this(TableService.Create(WithoutTable(endpoint), NotNull(credential), options), TableOf(endpoint))
    {
    }

    /// <param name="endpoint">The address of the account's table service.</param>
    public TableClient(Uri endpoint, string tableName, TableSharedKeyCredential credential)
        : this(endpoint, tableName, credential, null)
    {
    }

    /// <inheritdoc cref="TableClient(Uri, string, TableSharedKeyCredential)"/>
    public TableClient(Uri endpoint, string tableName, TableSharedKeyCredential credential, TableClientOptions options = null)
        : this(TableService.Create(NotNull(endpoint), NotNull(credential), options), tableName)
    {
    }

    public TableClient(string connectionString, string tableName)
        : this(connectionString, tableName, null)
    {
    }

    public TableClient(string connectionString, string tableName, TableClientOptions options = null)
        : this(TableService.Create(connectionString, options), tableName)
    {
    }

    /// <param name="endpoint">The https address of the account's table service.</param>
    public TableClient(Uri endpoint, string tableName, TokenCredential tokenCredential, TableClientOptions options = null)
        : this(TableService.Create(NotNull(endpoint), NotNull(tokenCredential), options), tableName)
    {
    }

    internal TableClient(TableService service, string tableName)
    {
        ArgumentException.ThrowIfNullOrEmpty(tableName);
        _service = service;
        Name = tableName;
        _path = "/" + Uri.EscapeDataString(tableName);
        Uri = new Uri(service.Endpoint.Base + _path);
    }

    /// <summary>For tests that replace the client.</summary>
    protected TableClient()
    {
    }

    public virtual string Name { get; }

    public virtual string AccountName => _service.Endpoint.Account;

    public virtual Uri Uri { get; }

    /// <exception cref="RequestFailedException">409 <c>TableAlreadyExists</c>, among others.</exception>
    public virtual async Task<Response<TableItem>> CreateAsync(CancellationToken cancellationToken = default) =>
        await TableServiceClient.CreateTableAsync(_service, Name, mayExist: false, cancellationToken);

    /// <returns>The table; the status of the raw answer is 409 where it existed.</returns>
    public virtual async Task<Response<TableItem>> CreateIfNotExistsAsync(CancellationToken cancellationToken = default) =>
        await TableServiceClient.CreateTableAsync(_service, Name, mayExist: true, cancellationToken);

    /// <returns>The service's answer, which is 404 where there was no table.</returns>
    public virtual async Task<Response> DeleteAsync(CancellationToken cancellationToken = default) =>
        await TableServiceClient.DeleteTableAsync(_service, Name, cancellationToken);

    private static string TableOf(Uri address) =>
        AccountNames.ResourceOf(NotNull(address))
        ?? throw new ArgumentException($"'{address.GetLeftPart(UriPartial.Path)}' does not name a table.", nameof(address));

    private static Uri WithoutTable(Uri address)
    {
        var table = TableOf(address);
        var path = address.AbsolutePath.TrimEnd('/');
        return new UriBuilder(address) { Path = path[..^Uri.EscapeDataString(table).Length] }.Uri;
    }

    private static T NotNull<T>(T argument)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(argument);
        return argument;
    }
}
