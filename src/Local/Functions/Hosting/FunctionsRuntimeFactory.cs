using System.Reflection;
using Azure.Core.Serialization;
using FunctionsBroker.Local.Functions.Configuration;
using FunctionsBroker.Local.Functions.Discovery;
using FunctionsBroker.Local.Functions.Durable;
using FunctionsBroker.Local.Functions.Http;
using FunctionsBroker.Local.Functions.Invocation;
using FunctionsBroker.Local.Functions.Queues;
using FunctionsBroker.Local.Functions.Timers;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Functions.Hosting;

/// <summary>Builds an app's functions from their declarations; whatever is wrong with one is said here, before anything runs.</summary>
internal sealed partial class FunctionsRuntimeFactory(
    FunctionSource source,
    HostJson hostJson,
    IConfiguration configuration,
    AppSettings settings,
    WorkerPipeline pipeline,
    WorkerModel model,
    FunctionKeys keys,
    ObjectSerializer serializer,
    QueueListenerTiming timing,
    ParameterPolicyFactory routeConstraints,
    IServiceProvider services,
    TimeProvider time,
    ILoggerFactory loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger("Host.Startup");

    // As in the published extension: durable data are written as the worker writes all else.
    private readonly SerializerDataConverter _converter = new(serializer);

    public FunctionsRuntime Create()
    {
        var all = FunctionScanner.Scan(source);
        var switches = new FunctionSwitches(hostJson.Functions, configuration);
        Warn([.. hostJson.Warnings, .. switches.Warnings(all)]);
        List<FunctionDescriptor> functions = [.. all.Where(switches.IsAllowed)];

        var executor = new FunctionExecutor(
            pipeline.Build(static context => ((LocalFunctionContext)context).RunAsync()), services, hostJson.FunctionTimeout, time, loggers);
        var durable = functions.Any(UsesTaskHub) ? new DurableFunctions(settings, hostJson.DurableTask, _converter, loggers, time) : null;
        var queues = new QueueClients(settings, hostJson.Queues);
        var triggers = new Triggers(
            executor,
            durable,
            new QueueListenerFactory(queues, hostJson.Queues, timing, time, loggers),
            new TimerListenerFactory(settings, time, loggers),
            new HttpDrain(time));
        var compiler = new FunctionCompiler(new QueueOutputFactory(queues, serializer), attribute => durable!.ClientFor(attribute));
        foreach (var function in functions)
        {
            Add(triggers, function, compiler, switches.IsDisabled(function));
        }

        return new FunctionsRuntime
        {
            Endpoints = new HttpRoutes(hostJson.Http.RoutePrefix, routeConstraints).MakeEndpoints(triggers.Http),
            HttpDrain = triggers.Drain,
            Listeners = triggers.Listeners,
            Durable = durable,
            Executor = executor,
        };
    }

    private void Add(Triggers triggers, FunctionDescriptor function, FunctionCompiler compiler, bool isDisabled)
    {
        if (isDisabled)
        {
            LogDisabled(function.Name);
        }

        try
        {
            var compiled = compiler.Compile(function, BindingOf(function));
            switch (function.Trigger)
            {
                case HttpTriggerAttribute:
                    triggers.Http.Add(new HttpFunction(function, isDisabled, compiled, triggers.Executor, keys, triggers.Drain));
                    break;
                case var _ when isDisabled:
                    break;
                case QueueTriggerAttribute trigger:
                    triggers.Listeners.Add(triggers.Queues.Create(trigger, compiled, triggers.Executor));
                    break;
                case TimerTriggerAttribute:
                    triggers.Listeners.Add(triggers.Timers.Create(function, compiled, triggers.Executor));
                    break;
                default:
                    triggers.Durable!.Add(function, compiled, triggers.Executor);
                    break;
            }
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException)
        {
            throw function.Faulty(exception.Message, exception);
        }
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

    private void Warn(IReadOnlyList<string> warnings)
    {
        foreach (var warning in warnings)
        {
            LogWithoutEffect(warning);
        }
    }

    [LoggerMessage(EventId = 52, Level = LogLevel.Warning, Message = "{Warning}")]
    private partial void LogWithoutEffect(string warning);

    [LoggerMessage(EventId = 53, Level = LogLevel.Information, Message = "Function '{FunctionName}' is disabled")]
    private partial void LogDisabled(string functionName);

    private sealed record Triggers(
        FunctionExecutor Executor, DurableFunctions? Durable, QueueListenerFactory Queues, TimerListenerFactory Timers, HttpDrain Drain)
    {
        public List<HttpFunction> Http { get; } = [];

        public List<IFunctionListener> Listeners { get; } = [];
    }
}
