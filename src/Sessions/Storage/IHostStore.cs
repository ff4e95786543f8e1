namespace FunctionsBroker.Sessions.Storage;

/// <summary>The table <c>Hosts</c>.</summary>
public interface IHostStore
{
    /// <summary>Writes the row of a host; there is one writer, the host itself.</summary>
    Task SaveAsync(HostRecord record, CancellationToken cancellationToken);

    Task<IReadOnlyList<HostRecord>> ListAsync(CancellationToken cancellationToken);

    Task DeleteAsync(string hostId, CancellationToken cancellationToken);
}
