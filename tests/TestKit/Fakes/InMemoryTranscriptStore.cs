using System.Collections.Concurrent;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.TestKit.Fakes;

/// <summary><see cref="ITranscriptStore"/> without a storage account.</summary>
public sealed class InMemoryTranscriptStore : ITranscriptStore
{
    private readonly ConcurrentDictionary<string, byte[]> _blobs = new(StringComparer.Ordinal);

    /// <summary>Called with the blob's name before everything; what it throws, the call throws.</summary>
    public Action<string> OnCall { get; set; } = _ => { };

    /// <summary>What an append waits for before it is done.</summary>
    public Task Appending { get; set; } = Task.CompletedTask;

    public IReadOnlyCollection<string> Names => [.. _blobs.Keys];

    /// <summary>Changes what is in every blob.</summary>
    public void Damage(Func<byte[], byte[]> damage)
    {
        foreach (var (blob, content) in _blobs)
        {
            _blobs[blob] = damage(content);
        }
    }

    public async Task<bool> AppendAsync(string blob, long at, Stream lines, long length, CancellationToken cancellationToken)
    {
        OnCall(blob);
        var added = new byte[length];
        await lines.ReadExactlyAsync(added, cancellationToken);
        await Appending.WaitAsync(cancellationToken);
        var before = _blobs.GetValueOrDefault(blob, []);
        if (before.Length != at || (at == 0) == _blobs.ContainsKey(blob))
        {
            return false;
        }

        _blobs[blob] = [.. before, .. added];
        return true;
    }

    public async Task<bool> CopyAsync(string blob, long length, Stream target, CancellationToken cancellationToken)
    {
        OnCall(blob);
        if (!_blobs.TryGetValue(blob, out var content) || content.Length < length)
        {
            return false;
        }

        await target.WriteAsync(content.AsMemory(0, (int)length), cancellationToken);
        return true;
    }

    public Task DeleteAsync(string blob, CancellationToken cancellationToken)
    {
        OnCall(blob);
        _blobs.TryRemove(blob, out _);
        return Task.CompletedTask;
    }

    public Task DeleteAllAsync(RouteId route, CancellationToken cancellationToken)
    {
        foreach (var blob in _blobs.Keys.Where(name => name.StartsWith(TranscriptBlobs.Prefix(route), StringComparison.Ordinal)))
        {
            OnCall(blob);
            _blobs.TryRemove(blob, out _);
        }

        return Task.CompletedTask;
    }
}
