using FunctionsBroker.FunctionsHost.Protocol;
using Grpc.Core;

namespace FunctionsBroker.FunctionsHost.Worker;

/// <summary>What the worker calls: one stream for its whole life.</summary>
internal sealed class WorkerService(WorkerSupervisor supervisor) : FunctionRpc.FunctionRpcBase
{
    public override async Task EventStream(IAsyncStreamReader<StreamingMessage> requestStream, IServerStreamWriter<StreamingMessage> responseStream, ServerCallContext context)
    {
        // The id was given to the process at its start: nobody else on this machine knows it.
        if (!await requestStream.MoveNext(context.CancellationToken) || supervisor.Find(requestStream.Current.StartStream?.WorkerId) is not { } channel)
        {
            throw new RpcException(new Status(StatusCode.PermissionDenied, "Not a worker of this host."));
        }

        var writing = WriteAsync(channel, responseStream);
        try
        {
            do
            {
                channel.Receive(requestStream.Current);
            }
            while (await requestStream.MoveNext(context.CancellationToken));
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The worker is gone, which the end of the channel tells to whoever waits for it.
        }
        finally
        {
            channel.End(new WorkerProcessExitException("The worker closed its stream."));
        }

        await writing;
    }

    private static async Task WriteAsync(WorkerChannel channel, IServerStreamWriter<StreamingMessage> responses)
    {
        try
        {
            await foreach (var message in channel.Outbound.ReadAllAsync())
            {
                await responses.WriteAsync(message);
            }
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException or OperationCanceledException)
        {
            // The stream has ended: the reader above notices the same.
        }
    }
}
