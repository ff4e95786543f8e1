using System.Reflection;
using System.Reflection.Emit;
using FunctionsBroker.FunctionsHost.App;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Binder = Microsoft.Azure.WebJobs.Binder;

namespace FunctionsBroker.FunctionsHost.Jobs;

/// <summary>The types in which the WebJobs SDK finds what it triggers: one static method for each function of the app that is not HTTP.</summary>
/// <remarks>
/// The SDK reads attributes of parameters only, so the methods are emitted:
/// <c>[FunctionName] static Task NAME([Trigger] T trigger, Binder binder, CancellationToken token)</c>, which call <see cref="FunctionBridge"/>.
/// </remarks>
internal sealed class FunctionTypes : ITypeLocator
{
    private const string Name = "AppFunctions";

    private readonly IReadOnlyList<Type> _types;

    public FunctionTypes(FunctionApp app)
    {
        var module = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName(Name), AssemblyBuilderAccess.Run).DefineDynamicModule(Name);
        var type = module.DefineType(Name, TypeAttributes.Public | TypeAttributes.Class);
        foreach (var function in app.Functions.Where(function => !function.IsHttp))
        {
            Emit(type, function);
        }

        _types = [type.CreateType(), typeof(HostFunctions)];
    }

    public IReadOnlyList<Type> GetTypes() => _types;

    private static void Emit(TypeBuilder type, FunctionDefinition function)
    {
        var (parameter, attribute, hasResult) = DescribeTrigger(function);
        var target = typeof(FunctionBridge).GetMethod(hasResult ? nameof(FunctionBridge.CallAsync) : nameof(FunctionBridge.RunAsync))!;
        var method = type.DefineMethod(function.Name, MethodAttributes.Public | MethodAttributes.Static, target.ReturnType, [parameter, typeof(Binder), typeof(CancellationToken)]);
        method.SetCustomAttribute(new CustomAttributeBuilder(typeof(FunctionNameAttribute).GetConstructor([typeof(string)])!, [function.Name]));
        method.DefineParameter(1, ParameterAttributes.None, function.Trigger.Name).SetCustomAttribute(attribute);
        method.DefineParameter(2, ParameterAttributes.None, "_binder");
        method.DefineParameter(3, ParameterAttributes.None, "_cancellation");
        var code = method.GetILGenerator();
        code.Emit(OpCodes.Ldstr, function.Name);
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Ldarg_2);
        code.Emit(OpCodes.Call, target);
        code.Emit(OpCodes.Ret);
    }

    private static (Type Parameter, CustomAttributeBuilder Attribute, bool HasResult) DescribeTrigger(FunctionDefinition function)
    {
        var binding = function.Trigger;
        string Named(string property) => binding.Text(property) is { Length: > 0 } name ? name : function.Name;
        string Required(string property) => binding.Text(property) is { Length: > 0 } value
            ? value
            : throw new HostException(ExitCodes.App, $"function {function.Name}: its {binding.Type} has no '{property}'");
        bool Flag(string property, bool @default) => bool.TryParse(binding.Text(property), out var value) ? value : @default;

        return binding.Type.ToUpperInvariant() switch
        {
            "ORCHESTRATIONTRIGGER" => (typeof(string), Attribute<OrchestrationTriggerAttribute>([], ("Orchestration", Named("orchestration"))), true),
            "ACTIVITYTRIGGER" => (typeof(string), Attribute<ActivityTriggerAttribute>([], ("Activity", Named("activity"))), true),
            "ENTITYTRIGGER" => (typeof(string), Attribute<EntityTriggerAttribute>([], ("EntityName", Named("entityName"))), true),
            "QUEUETRIGGER" => (
                binding.IsDeferred ? typeof(ParameterBindingData) : typeof(string),
                Attribute<QueueTriggerAttribute>([Required("queueName")], ("Connection", binding.Text("connection"))),
                false),
            "TIMERTRIGGER" => (
                typeof(TimerInfo),
                Attribute<TimerTriggerAttribute>([Required("schedule")], ("RunOnStartup", Flag("runOnStartup", false)), ("UseMonitor", Flag("useMonitor", true))),
                false),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static CustomAttributeBuilder Attribute<T>(object[] arguments, params (string Name, object? Value)[] properties)
    {
        var set = properties.Where(property => property.Value is not null).ToList();
        return new CustomAttributeBuilder(
            typeof(T).GetConstructor([.. arguments.Select(argument => argument.GetType())])!,
            arguments,
            [.. set.Select(property => typeof(T).GetProperty(property.Name)!)],
            [.. set.Select(property => property.Value!)]);
    }
}

/// <summary>Functions of the host itself, by which it asks extensions for what they give to functions only.</summary>
public static class HostFunctions
{
    private static readonly AsyncLocal<TaskCompletionSource<string>?> s_durableClient = new();

    /// <summary>Takes what the Durable extension gives a worker for a Durable client: its gRPC endpoint and the task hub, as JSON.</summary>
    [NoAutomaticTrigger]
    [FunctionName(nameof(TakeDurableClient))]
#pragma warning disable DF0203 // The analyzer knows of functions in process only.
    public static void TakeDurableClient([DurableClient] string client) => s_durableClient.Value?.TrySetResult(client);
#pragma warning restore DF0203

    /// <summary>Sends messages to a queue that is created when it is not there.</summary>
    [NoAutomaticTrigger]
    [FunctionName(nameof(SendMessages))]
    public static async Task SendMessages(string queue, string connection, string[] messages, IBinder binder, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentNullException.ThrowIfNull(binder);
        var collector = await binder.BindAsync<IAsyncCollector<string>>(new QueueAttribute(queue) { Connection = connection.Length > 0 ? connection : null }, cancellation);
        foreach (var message in messages)
        {
            await collector.AddAsync(message, cancellation);
        }
    }

    internal static async Task<string> GetDurableClientAsync(IJobHost host, CancellationToken cancellationToken)
    {
        var client = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        s_durableClient.Value = client;
        await host.CallAsync(nameof(TakeDurableClient), new Dictionary<string, object>(), cancellationToken);
        return await client.Task.WaitAsync(cancellationToken);
    }

    internal static Task SendAsync(IJobHost host, FunctionBinding output, IReadOnlyList<string> messages, CancellationToken cancellationToken) =>
        host.CallAsync(
            nameof(SendMessages),
            new Dictionary<string, object> { ["queue"] = output.Text("queueName") ?? "", ["connection"] = output.Text("connection") ?? "", ["messages"] = messages.ToArray() },
            cancellationToken);
}
