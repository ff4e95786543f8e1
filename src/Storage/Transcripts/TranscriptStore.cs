using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using Microsoft.Extensions.Hosting;

namespace FunctionsBroker.Storage.Transcripts;

/// <summary><see cref="ITranscriptStore"/> on append blobs.</summary>
internal sealed class TranscriptStore(BlobServiceClient service) : ITranscriptStore, IHostedLifecycleService
{
    // What one block may hold in every version of the service (learn.microsoft.com, "Append Block").
    private const int BlockBytes = 4 * 1024 * 1024;

    private readonly BlobContainerClient _container = service.GetBlobContainerClient(TranscriptBlobs.Container);

    public async Task<bool> AppendAsync(string blob, long at, Stream lines, long length, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lines);

        var client = _container.GetAppendBlobClient(blob);
        try
        {
            if (at == 0)
            {
                await client.CreateAsync(new AppendBlobCreateOptions { Conditions = new AppendBlobRequestConditions { IfNoneMatch = ETag.All } }, cancellationToken);
            }

            var block = new byte[Math.Min(length, BlockBytes)];
            for (var end = at + length; at < end;)
            {
                var size = (int)Math.Min(end - at, BlockBytes);
                await lines.ReadExactlyAsync(block.AsMemory(0, size), cancellationToken);
                using var content = new MemoryStream(block, 0, size, writable: false);
                var options = new AppendBlobAppendBlockOptions { Conditions = new AppendBlobRequestConditions { IfAppendPositionEqual = at } };
                await client.AppendBlockAsync(content, options, cancellationToken);
                at += size;
            }

            return true;
        }
        catch (RequestFailedException exception) when (exception.Status is 404 or 409 or 412)
        {
            // Not there, already there, full (50 000 blocks), or longer than this host knows: an addition whose answer was lost.
            return false;
        }
    }

    public async Task<bool> CopyAsync(string blob, long length, Stream target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);

        try
        {
            var client = _container.GetBlobClient(blob);
            var properties = await client.GetPropertiesAsync(cancellationToken: cancellationToken);
            if (properties.Value.ContentLength < length)
            {
                return false;
            }

            if (length > 0)
            {
                using var content = (await client.DownloadStreamingAsync(new BlobDownloadOptions { Range = new HttpRange(0, length) }, cancellationToken)).Value;
                await content.Content.CopyToAsync(target, cancellationToken);
            }

            return true;
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return false;
        }
    }

    public Task DeleteAsync(string blob, CancellationToken cancellationToken) =>
        _container.DeleteBlobIfExistsAsync(blob, cancellationToken: cancellationToken);

    public async Task DeleteAllAsync(RouteId route, CancellationToken cancellationToken)
    {
        await foreach (var blob in _container.GetBlobsAsync(BlobTraits.None, BlobStates.None, TranscriptBlobs.Prefix(route), cancellationToken))
        {
            await DeleteAsync(blob.Name, cancellationToken);
        }
    }

    /// <summary>Makes the container where it is missing.</summary>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        // A role on the container alone lets it be used, and not be made.
        if (!await _container.ExistsAsync(cancellationToken))
        {
            await _container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
