using Azure;
using Azure.Data.Tables;
using FunctionsBroker.Local.Durable.Instances;
using FunctionsBroker.Local.Durable.Tables;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Durable.Ownership;

/// <summary>A process's claim to be the one that runs a hub.</summary>
/// <remarks>
/// The claim only keeps owners from disturbing each other. That a former owner cannot do harm is the log's doing.
/// </remarks>
internal sealed partial class HubLease : IAsyncDisposable
{
    private const string Partition = InstanceKey.ReservedPrefix + "hub";
    private const string RowKey = "owner";
    private const string OwnerId = "OwnerId";
    private const string Format = "Format";

    // Raised when a version of this program could not read what the one before has written, or the other way round.
    private const int CurrentFormat = 2;

    private static readonly TimeSpan s_longestLook = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _lost = new();
    private readonly TableClient _table;
    private readonly TimeSpan _duration;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TableEntity _row;
    private readonly Task _loop;
    private ETag _version;
    private int _disposed;

    private HubLease(TableClient table, TimeSpan duration, TimeProvider time, ILogger logger, TableEntity row, ETag version)
    {
        _table = table;
        _duration = duration;
        _time = time;
        _logger = logger;
        _row = row;
        _version = version;
        Epoch = row.GetInt64(nameof(Epoch)) ?? 0;
        _loop = Task.Run(RenewAsync);
    }

    /// <summary>Counts the terms of ownership.</summary>
    public long Epoch { get; }

    /// <summary>Cancelled when the claim has passed to another process.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>
    /// Waits until the hub is free or the asker's own already, its owner is known to be dead, or the owner's claim has run out.
    /// </summary>
    /// <exception cref="InvalidDataException">The hub was written by a later version of this program.</exception>
    public static async Task<HubLease> AcquireAsync(
        TableClient table, HubOwner owner, TimeSpan duration, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        bool waited = false;
        while (true)
        {
            NullableResponse<TableEntity> found = await table.GetEntityIfExistsAsync<TableEntity>(
                Partition, RowKey, cancellationToken: cancellationToken);
            TableEntity? current = found.HasValue ? found.Value : null;
            TimeSpan left = (current?.GetDateTimeOffset("ExpiresAt") ?? DateTimeOffset.MinValue) - time.GetUtcNow();
            ThrowIfNewer(current);
            if (left > TimeSpan.Zero && current is not null && current.GetString(OwnerId) != owner.Id && !Identity(current).IsDead)
            {
                if (!waited)
                {
                    waited = true;
                    LogWaiting(logger, current.GetString(nameof(OwnerIdentity.Machine)), current.GetInt32(nameof(OwnerIdentity.ProcessId)) ?? 0);
                }

                await Task.Delay(left < s_longestLook ? left : s_longestLook, time, cancellationToken);
                continue;
            }

            TableEntity row = Row(owner, (current?.GetInt64(nameof(Epoch)) ?? 0) + 1, time.GetUtcNow() + duration);
            try
            {
                Response response = current is null
                    ? await table.AddEntityAsync(row, cancellationToken)
                    : await table.UpdateEntityAsync(row, current.ETag, TableUpdateMode.Replace, cancellationToken);
                return new HubLease(table, duration, time, logger, row, response.Headers.ETag ?? ETag.All);
            }
            catch (RequestFailedException exception) when (StorageFailure.IsConflict(exception))
            {
                // Another process was faster, or a lost answer made us ask twice; the next look tells.
            }
        }
    }

    /// <summary>Gives the claim up, so that the next owner need not wait for it to run out.</summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        await StopRenewingAsync();
        if (_lost.IsCancellationRequested)
        {
            return;
        }

        _row["ExpiresAt"] = DateTimeOffset.UnixEpoch;
        try
        {
            await _table.UpdateEntityAsync(_row, _version, TableUpdateMode.Replace, cancellationToken);
        }
        catch (Exception exception) when (exception is RequestFailedException || StorageFailure.IsTransient(exception))
        {
            LogNotReleased(exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await StopRenewingAsync();
            _stopping.Dispose();
        }
    }

    private static OwnerIdentity Identity(TableEntity row) => new(
        row.GetString(nameof(OwnerIdentity.Machine)) ?? string.Empty,
        row.GetInt32(nameof(OwnerIdentity.ProcessId)) ?? 0,
        row.GetString(nameof(OwnerIdentity.ProcessStart)) ?? string.Empty);

    private static void ThrowIfNewer(TableEntity? row)
    {
        if (row?.GetInt32(Format) is { } format && format > CurrentFormat)
        {
            throw new InvalidDataException(
                $"The task hub has format {format}, and this program knows formats up to {CurrentFormat}. Use the program that wrote it, or another hub name.");
        }
    }

    private static TableEntity Row(HubOwner owner, long epoch, DateTimeOffset expiresAt) => new(Partition, RowKey)
    {
        [Format] = CurrentFormat,
        [OwnerId] = owner.Id,
        [nameof(OwnerIdentity.Machine)] = owner.Process.Machine,
        [nameof(OwnerIdentity.ProcessId)] = owner.Process.ProcessId,
        [nameof(OwnerIdentity.ProcessStart)] = owner.Process.ProcessStart,
        [nameof(Epoch)] = epoch,
        ["ExpiresAt"] = expiresAt,
    };

    private async Task StopRenewingAsync()
    {
        if (!_stopping.IsCancellationRequested)
        {
            await _stopping.CancelAsync();
        }

        await _loop;
    }

    private async Task RenewAsync()
    {
        TimeSpan pause = _duration / 3;
        try
        {
            while (true)
            {
                await Task.Delay(pause, _time, _stopping.Token);
                pause = await TryRenewAsync() ? _duration / 3 : _duration / 10;
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Given up on purpose.
        }
        catch (Exception exception)
        {
            LogLost(exception);
            await _lost.CancelAsync();
        }
    }

    private async Task<bool> TryRenewAsync()
    {
        try
        {
            _row["ExpiresAt"] = _time.GetUtcNow() + _duration;
            Response response = await _table.UpdateEntityAsync(_row, _version, TableUpdateMode.Replace, _stopping.Token);
            _version = response.Headers.ETag ?? ETag.All;
            return true;
        }
        catch (RequestFailedException exception) when (StorageFailure.IsConflict(exception))
        {
            TableEntity stored = await _table.GetEntityAsync<TableEntity>(Partition, RowKey, cancellationToken: _stopping.Token);
            if (stored.GetString(OwnerId) != _row.GetString(OwnerId) || stored.GetInt64(nameof(Epoch)) != Epoch)
            {
                throw new OwnershipLostException("Another process owns this task hub.", exception);
            }

            _version = stored.ETag;
            return true;
        }
        catch (Exception exception) when (!_stopping.IsCancellationRequested && StorageFailure.IsTransient(exception))
        {
            return false;
        }
    }

    [LoggerMessage(70, LogLevel.Information, "The task hub is owned by process {ProcessId} on {Machine}; waiting until it is given up.")]
    private static partial void LogWaiting(ILogger logger, string machine, int processId);

    [LoggerMessage(71, LogLevel.Critical, "The claim to the task hub was lost.")]
    private partial void LogLost(Exception exception);

    [LoggerMessage(72, LogLevel.Warning, "The claim to the task hub could not be given up; it runs out by itself.")]
    private partial void LogNotReleased(Exception exception);
}
