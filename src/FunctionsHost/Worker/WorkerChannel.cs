using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using FunctionsBroker.FunctionsHost.App;
using FunctionsBroker.FunctionsHost.Protocol;
using Google.Protobuf.WellKnownTypes;

namespace FunctionsBroker.FunctionsHost.Worker;

/// <summary>The conversation with one worker process: it starts, loads the functions, runs them, logs.</summary>
/// <remarks>Order and fields as in Azure/azure-functions-language-worker-protobuf.</remarks>
internal sealed partial class WorkerChannel(string workerId, FunctionApp app, ILoggerFactory loggers)
{
    // What the worker is told it runs under; it only logs it.
    private const string HostVersion = "4.0.0";

    private readonly ILogger _log = loggers.CreateLogger("Host.Worker");
    private readonly Channel<StreamingMessage> _outbound = Channel.CreateUnbounded<StreamingMessage>(new() { SingleReader = true });
    private readonly ConcurrentDictionary<string, TaskCompletionSource<InvocationResponse>> _running = new();
    private readonly ConcurrentDictionary<string, StatusResult> _inError = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _loading;
    private Exception? _end;

    public string WorkerId => workerId;

    /// <summary>Ends when all functions are loaded; fails when the worker ends before.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Ends when the worker takes no more.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Where the worker takes HTTP requests; null for an app without ASP.NET Core integration.</summary>
    public Uri? HttpUri { get; private set; }

    /// <summary>What is to be sent to the worker.</summary>
    public ChannelReader<StreamingMessage> Outbound => _outbound.Reader;

    /// <summary>Takes what the worker has sent.</summary>
    public void Receive(StreamingMessage message)
    {
        switch (message.ContentCase)
        {
            case StreamingMessage.ContentOneofCase.StartStream:
                Send(new StreamingMessage
                {
                    WorkerInitRequest = new WorkerInitRequest { HostVersion = HostVersion, WorkerDirectory = app.Folder, FunctionAppDirectory = app.Folder },
                });
                break;
            case StreamingMessage.ContentOneofCase.WorkerInitResponse:
                Load(message.WorkerInitResponse);
                break;
            case StreamingMessage.ContentOneofCase.FunctionLoadResponse:
                TakeLoaded(message.FunctionLoadResponse);
                break;
            case StreamingMessage.ContentOneofCase.InvocationResponse:
                if (_running.TryRemove(message.InvocationResponse.InvocationId, out var waiting))
                {
                    waiting.TrySetResult(message.InvocationResponse);
                }

                break;
            case StreamingMessage.ContentOneofCase.RpcLog:
                Forward(message.RpcLog);
                break;
        }
    }

    /// <summary>Runs a function to its end. When the token is cancelled the worker is told so; the function decides what it makes of it.</summary>
    /// <exception cref="WorkerFunctionException">The function failed, or could not be loaded.</exception>
    /// <exception cref="WorkerProcessExitException">The worker ended first.</exception>
    public async Task<InvocationResponse> InvokeAsync(InvocationRequest request, CancellationToken cancellationToken)
    {
        if (_inError.TryGetValue(request.FunctionId, out var fault))
        {
            throw new WorkerFunctionException(fault);
        }

        var completion = new TaskCompletionSource<InvocationResponse>(TaskCreationOptions.RunContinuationsAsynchronously);
        _running[request.InvocationId] = completion;
        if (Volatile.Read(ref _end) is { } end)
        {
            _running.TryRemove(request.InvocationId, out _);
            throw end;
        }

        // Without it the worker fails the invocation (measured): an empty one where nothing is traced.
        request.TraceContext = new TraceContext { TraceParent = Activity.Current?.Id ?? "", TraceState = Activity.Current?.TraceStateString ?? "" };
        Send(new StreamingMessage { RequestId = request.InvocationId, InvocationRequest = request });
        await using var registration = cancellationToken.UnsafeRegister(
            _ => Send(new StreamingMessage { InvocationCancel = new InvocationCancel { InvocationId = request.InvocationId } }), null);
        var response = await completion.Task;
        return response.Result.Status == StatusResult.Types.Status.Success ? response : throw new WorkerFunctionException(response.Result);
    }

    /// <summary>Asks the worker to end.</summary>
    public void Terminate(TimeSpan grace) =>
        Send(new StreamingMessage { WorkerTerminate = new WorkerTerminate { GracePeriod = Duration.FromTimeSpan(grace) } });

    /// <summary>The worker is gone: what runs in it fails with the reason.</summary>
    public void End(Exception reason)
    {
        if (Interlocked.CompareExchange(ref _end, reason, null) is not null)
        {
            return;
        }

        _ready.TrySetException(reason);
        _ended.TrySetResult();
        _outbound.Writer.TryComplete();
        foreach (var id in _running.Keys)
        {
            if (_running.TryRemove(id, out var waiting))
            {
                waiting.TrySetException(reason);
            }
        }
    }

    private void Send(StreamingMessage message) => _outbound.Writer.TryWrite(message);

    private void Load(WorkerInitResponse response)
    {
        if (response.Result.Status != StatusResult.Types.Status.Success)
        {
            End(new WorkerProcessExitException($"The worker refused to start: {response.Result.Exception?.Message}"));
            return;
        }

        HttpUri = response.Capabilities.TryGetValue("HttpUri", out var address) ? new Uri(address) : null;
        _loading = app.Functions.Count;
        if (_loading == 0)
        {
            _ready.TrySetResult();
        }

        foreach (var function in app.Functions)
        {
            Send(new StreamingMessage { FunctionLoadRequest = new FunctionLoadRequest { FunctionId = function.Name, Metadata = MetadataOf(function) } });
        }
    }

    private void TakeLoaded(FunctionLoadResponse response)
    {
        if (response.Result.Status != StatusResult.Types.Status.Success)
        {
            _inError[response.FunctionId] = response.Result;
            LogInError(response.FunctionId, response.Result.Exception?.Message);
        }

        if (Interlocked.Decrement(ref _loading) == 0)
        {
            _ready.TrySetResult();
        }
    }

    private static FunctionMetadata MetadataOf(FunctionDefinition function)
    {
        var metadata = new FunctionMetadata
        {
            FunctionId = function.Name,
            Name = function.Name,
            ScriptFile = function.ScriptFile,
            EntryPoint = function.EntryPoint,
            Language = function.Language,
        };
        foreach (var binding in function.Bindings)
        {
            var info = new BindingInfo
            {
                Type = binding.Type,
                Direction = System.Enum.TryParse<BindingInfo.Types.Direction>(binding.Direction, ignoreCase: true, out var direction) ? direction : BindingInfo.Types.Direction.In,
            };
            foreach (var (key, value) in binding.Json["properties"]?.AsObject() ?? [])
            {
                info.Properties[key] = value?.ToString() ?? "";
            }

            metadata.Bindings[binding.Name] = info;
            metadata.RawBindings.Add(binding.Json.ToJsonString());
        }

        return metadata;
    }

    // The worker has filtered by its own rules; those of host.json come on top.
    private void Forward(RpcLog entry)
    {
        var logger = loggers.CreateLogger(entry.Category.Length == 0 ? "Worker" : entry.Category);
        var level = (LogLevel)(int)entry.Level;
        if (logger.IsEnabled(level))
        {
            var text = entry.Exception is { } exception ? $"{entry.Message}\n{exception.Message}\n{exception.StackTrace}" : entry.Message;
            logger.Log(level, default, text, null, static (message, _) => message);
        }
    }

    [LoggerMessage(EventIds.FunctionInError, LogLevel.Error, "The '{Function}' function is in error: {Reason}")]
    private partial void LogInError(string function, string? reason);
}
