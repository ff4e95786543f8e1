using System.Reflection;
using Azure.Core.Serialization;
using FunctionsBroker.Local.Functions.Configuration;
using FunctionsBroker.Local.Functions.Discovery;
using FunctionsBroker.Local.Functions.Durable;
using FunctionsBroker.Local.Functions.Http;
using FunctionsBroker.Local.Functions.Invocation;
using FunctionsBroker.Local.Functions.Queues;
using FunctionsBroker.Local.Functions.Timers;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Functions.Hosting;

/// <summary>Builds an app's functions from their declarations; whatever is wrong with one is said here, before anything runs.</summary>
internal sealed class FunctionsRuntimeFactory(
    FunctionSource source,
    HostJson hostJson,
    AppSettings settings,
    WorkerPipeline pipeline,
    WorkerModel model,
    FunctionKeys keys,
    ObjectSerializer serializer,
    QueueListenerTiming timing,
    IServiceProvider services,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILoggerFactory loggers)
{
    // As in the published extension: durable data are written as the worker writes all else.
    private readonly SerializerDataConverter _converter = new(serializer);

    public FunctionsRuntime Create()
    {
        var functions = FunctionScanner.Scan(source);
        var executor = new FunctionExecutor(
            pipeline.Build(static context => ((LocalFunctionContext)context).RunAsync()), services, hostJson.FunctionTimeout, time, loggers);
        var durable = functions.Any(UsesTaskHub) ? new DurableFunctions(settings, hostJson.DurableTask, _converter, loggers, time) : null;
        var queues = new QueueClients(settings, hostJson.Queues);
        var compiler = new FunctionCompiler(new QueueOutputFactory(queues, serializer), attribute => durable!.ClientFor(attribute));
        var queueListeners = new QueueListenerFactory(queues, hostJson.Queues, timing, time, loggers);
        var timers = new TimerListenerFactory(settings, time, loggers);
        var http = new List<HttpFunction>();
        var listeners = new List<IFunctionListener>();

        foreach (var function in functions)
        {
            var compiled = compiler.Compile(function, BindingOf(function));
            switch (function.Trigger)
            {
                case HttpTriggerAttribute:
                    http.Add(new HttpFunction(function, compiled, executor, keys, lifetime.ApplicationStopping));
                    break;
                case QueueTriggerAttribute trigger:
                    listeners.Add(queueListeners.Create(trigger, compiled, executor));
                    break;
                case TimerTriggerAttribute:
                    listeners.Add(timers.Create(function, compiled, executor));
                    break;
                default:
                    durable!.Add(function, compiled, executor);
                    break;
            }
        }

        return new FunctionsRuntime { Http = http, Listeners = listeners, Durable = durable, Executor = executor };
    }

    private TriggerBinding BindingOf(FunctionDescriptor function) => function.Trigger switch
    {
        HttpTriggerAttribute when !model.HasWeb => throw function.NotSupported(
            "HTTP triggers need ConfigureFunctionsWebApplication(); the HttpRequestData model is not supported by the local runtime."),
        HttpTriggerAttribute => new HttpTriggerBinding(function),
        QueueTriggerAttribute => new QueueTriggerBinding(function, serializer),
        TimerTriggerAttribute => new TimerTriggerBinding(function),
        OrchestrationTriggerAttribute => new OrchestrationTriggerBinding(function),
        ActivityTriggerAttribute => new ActivityTriggerBinding(function, _converter),
        EntityTriggerAttribute => new EntityTriggerBinding(function),
        var other => throw function.NotSupported($"[{other.GetType().Name}] is not supported by the local runtime."),
    };

    private static bool UsesTaskHub(FunctionDescriptor function) =>
        function.Trigger is OrchestrationTriggerAttribute or ActivityTriggerAttribute or EntityTriggerAttribute
        || function.Method.GetParameters().Any(parameter => parameter.GetCustomAttribute<DurableClientAttribute>() is not null);
}
