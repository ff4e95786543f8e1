using Azure.Core.Pipeline;
using Azure.Data.Tables;
using FunctionsBroker.TestKit.Storage;

namespace FunctionsBroker.Local.Durable.Tests.Harness;

/// <summary>One write to the storage that fails.</summary>
/// <param name="write">1 for the first; 0: none fails.</param>
/// <param name="answerLost">Whether the service does what it was asked; else the request does not reach it.</param>
/// <param name="forGood">Whether the storage is out of reach from then on.</param>
internal sealed class WriteFault(int write, bool answerLost, bool forGood) : IDisposable
{
    private readonly CancellationTokenSource _happened = new();
    private int _writes;

    /// <summary>Cancelled when the write has failed.</summary>
    public CancellationToken Happened => _happened.Token;

    /// <summary>Cancelled when the storage is out of reach for good.</summary>
    public CancellationToken Abandoned => forGood ? _happened.Token : CancellationToken.None;

    /// <summary>Whether what comes next needs a new connection.</summary>
    public bool IsOver => Abandoned.IsCancellationRequested;

    /// <summary>A connection that has the fault. The engine sees every failed try: the client's own retries are off.</summary>
    public TableClientOptions Connect()
    {
        TableClientOptions options = new() { Transport = new HttpClientTransport(new HttpClient(new FaultyHandler((request, _) => Choose(request)))) };
        options.Retry.MaxRetries = 0;
        return options;
    }

    public void Dispose() => _happened.Dispose();

    private StorageFault Choose(HttpRequestMessage request)
    {
        if (forGood && _happened.IsCancellationRequested)
        {
            return StorageFault.RequestLost;
        }

        if (request.Method == HttpMethod.Get || Interlocked.Increment(ref _writes) != write)
        {
            return StorageFault.None;
        }

        _happened.Cancel();
        return answerLost ? StorageFault.AnswerLost : StorageFault.RequestLost;
    }
}
