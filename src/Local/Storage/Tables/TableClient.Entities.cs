#nullable disable annotations // As the published package's: its members are oblivious.

using Azure.Core;
using FunctionsBroker.Local.Storage.Tables;
using FunctionsBroker.Local.Storage.Tables.Entities;

namespace Azure.Data.Tables;

public partial class TableClient
{
    /// <exception cref="RequestFailedException">409 <c>EntityAlreadyExists</c>, 404 <c>TableNotFound</c>, among others.</exception>
    public virtual async Task<Response> AddEntityAsync<T>(T entity, CancellationToken cancellationToken = default)
        where T : ITableEntity
    {
        Validate(entity);
        using var message = _service.CreateMessage(RequestMethod.Post, _path, EntityWriter.Write(entity));

        // Without it the service sends the whole entity back.
        message.Request.Headers.Add("Prefer", "return-no-content");
        return await _service.SendAsync(message, tolerated: null, cancellationToken);
    }

    /// <param name="select">The properties to read; null reads all.</param>
    /// <exception cref="RequestFailedException">404 <c>ResourceNotFound</c>, among others.</exception>
    public virtual async Task<Response<T>> GetEntityAsync<T>(
        string partitionKey, string rowKey, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity
    {
        using var message = CreateGet(partitionKey, rowKey, select);
        var response = await _service.SendAsync(message, tolerated: null, cancellationToken);
        return Response.FromValue(EntityReader.ReadOne<T>(response.Content.ToMemory()), response);
    }

    /// <param name="select">The properties to read; null reads all.</param>
    /// <returns>A response without a value where there is no such entity.</returns>
    public virtual async Task<NullableResponse<T>> GetEntityIfExistsAsync<T>(
        string partitionKey, string rowKey, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity
    {
        using var message = CreateGet(partitionKey, rowKey, select);
        var response = await _service.SendAsync(message, tolerated: 404, cancellationToken);
        return response.Status == 404
            ? new AbsentResponse<T>(response)
            : Response.FromValue(EntityReader.ReadOne<T>(response.Content.ToMemory()), response);
    }

    /// <summary>Writes an entity whether or not it exists.</summary>
    public virtual async Task<Response> UpsertEntityAsync<T>(
        T entity, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        where T : ITableEntity
    {
        Validate(entity);
        using var message = CreateWrite(entity, mode, ifMatch: default);
        return await _service.SendAsync(message, tolerated: null, cancellationToken);
    }

    /// <param name="ifMatch">The version that must be there, or <see cref="ETag.All"/>.</param>
    /// <exception cref="RequestFailedException">412 <c>UpdateConditionNotSatisfied</c>, 404 <c>ResourceNotFound</c>, among others.</exception>
    public virtual async Task<Response> UpdateEntityAsync<T>(
        T entity, ETag ifMatch, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        where T : ITableEntity
    {
        Validate(entity);
        if (ifMatch == default)
        {
            throw new ArgumentException("Value cannot be empty.", nameof(ifMatch));
        }

        using var message = CreateWrite(entity, mode, ifMatch);
        return await _service.SendAsync(message, tolerated: null, cancellationToken);
    }

    /// <param name="ifMatch">The version that must be there; by default any.</param>
    /// <returns>The service's answer, which is 404 where there was no entity.</returns>
    /// <exception cref="RequestFailedException">412 <c>UpdateConditionNotSatisfied</c>, among others.</exception>
    public virtual async Task<Response> DeleteEntityAsync(
        string partitionKey, string rowKey, ETag ifMatch = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(partitionKey);
        ArgumentNullException.ThrowIfNull(rowKey);
        using var message = _service.CreateMessage(RequestMethod.Delete, TableKey.EntityPath(_path, partitionKey, rowKey));
        message.Request.Headers.Add("If-Match", OrAny(ifMatch));
        return await _service.SendAsync(message, tolerated: 404, cancellationToken);
    }

    /// <inheritdoc cref="DeleteEntityAsync(string, string, ETag, CancellationToken)"/>
    public virtual async Task<Response> DeleteEntityAsync(
        ITableEntity entity, ETag ifMatch = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entity);
        return await DeleteEntityAsync(entity.PartitionKey, entity.RowKey, ifMatch, cancellationToken);
    }

    private static void Validate<T>(T entity)
        where T : ITableEntity
    {
        ArgumentNullException.ThrowIfNull(entity);
        ArgumentNullException.ThrowIfNull(entity.PartitionKey);
        ArgumentNullException.ThrowIfNull(entity.RowKey);
    }

    private static string OrAny(ETag etag) => etag == default ? ETag.All.ToString() : etag.ToString();

    private static RequestMethod MethodOf(TableUpdateMode mode) => mode switch
    {
        TableUpdateMode.Merge => RequestMethod.Patch,
        TableUpdateMode.Replace => RequestMethod.Put,
        _ => throw new ArgumentException($"Unexpected value for {nameof(mode)}: {mode}", nameof(mode)),
    };

    private HttpMessage CreateGet(string partitionKey, string rowKey, IEnumerable<string> select)
    {
        ArgumentNullException.ThrowIfNull(partitionKey);
        ArgumentNullException.ThrowIfNull(rowKey);
        var query = select is null ? "" : "$select=" + Uri.EscapeDataString(string.Join(',', select));
        return _service.CreateMessage(RequestMethod.Get, TableKey.EntityPath(_path, partitionKey, rowKey), query);
    }

    // Without If-Match the service inserts or overwrites; with it, it only updates.
    private HttpMessage CreateWrite(ITableEntity entity, TableUpdateMode mode, ETag ifMatch)
    {
        var path = TableKey.EntityPath(_path, entity.PartitionKey, entity.RowKey);
        var message = _service.CreateMessage(MethodOf(mode), path, EntityWriter.Write(entity));
        if (ifMatch != default)
        {
            message.Request.Headers.Add("If-Match", ifMatch.ToString());
        }

        return message;
    }
}
