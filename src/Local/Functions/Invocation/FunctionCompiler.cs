using System.Reflection;
using FunctionsBroker.Local.Functions.Discovery;
using FunctionsBroker.Local.Functions.Queues;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Converters;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsBroker.Local.Functions.Invocation;

/// <summary>Makes functions ready to run, so that an invocation needs no reflection.</summary>
/// <param name="outputs">Makes the senders of queue outputs.</param>
/// <param name="durableClient">Gives the client of the task hub.</param>
internal sealed class FunctionCompiler(QueueOutputFactory outputs, Func<DurableClientAttribute, DurableTaskClient> durableClient)
{
    /// <exception cref="NotSupportedException">A parameter or output is of a kind that this runtime leaves out.</exception>
    public CompiledFunction Compile(FunctionDescriptor function, TriggerBinding trigger)
    {
        var method = function.Method;
        return new CompiledFunction
        {
            Definition = new LocalFunctionDefinition(function),
            Trigger = trigger,
            Arguments = [.. method.GetParameters().Select(parameter => Bind(function, trigger, parameter))],
            CreateInstance = method.IsStatic ? null : ActivatorUtilities.CreateFactory(method.DeclaringType!, Type.EmptyTypes),
            Invoke = MethodInvoker.Compile(method),
            Await = ResultAwaiter.For(method.ReturnType),
            Outputs = CompileOutputs(function),
        };
    }

    private ArgumentBinder Bind(FunctionDescriptor function, TriggerBinding trigger, ParameterInfo parameter)
    {
        if (parameter.ParameterType == typeof(FunctionContext))
        {
            return static context => new ValueTask<object?>(context);
        }

        if (parameter.ParameterType == typeof(CancellationToken))
        {
            return static context => new ValueTask<object?>(context.CancellationToken);
        }

        if (parameter.GetCustomAttribute<DurableClientAttribute>() is { } client)
        {
            return BindDurableClient(function, parameter, client);
        }

        return trigger.Bind(parameter)
            ?? throw function.NotSupported($"nothing can be bound to parameter '{parameter.Name}' of type {parameter.ParameterType}{AttributesOf(parameter)}.");
    }

    private ArgumentBinder BindDurableClient(FunctionDescriptor function, ParameterInfo parameter, DurableClientAttribute client)
    {
        if (parameter.ParameterType != typeof(DurableTaskClient))
        {
            throw function.NotSupported($"[DurableClient] binds to {nameof(DurableTaskClient)} only; parameter '{parameter.Name}' is {parameter.ParameterType}.");
        }

        try
        {
            object bound = durableClient(client);
            return _ => new ValueTask<object?>(bound);
        }
        catch (NotSupportedException exception)
        {
            throw function.NotSupported(exception.Message);
        }
    }

    private FunctionOutputs CompileOutputs(FunctionDescriptor function)
    {
        if (function.Method.GetCustomAttribute<OutputBindingAttribute>() is { } own)
        {
            return new FunctionOutputs
            {
                Queues = [(static result => result, Sender(function, own))],
                HttpResult = static _ => null,
            };
        }

        var declared = OutputAttributes.OfProperties(function.ResultType).ToList();
        if (declared.Count == 0)
        {
            return FunctionOutputs.None;
        }

        var response = declared.Where(output => output.Attribute is HttpResultAttribute).Select(output => Getter(output.Property)).SingleOrDefault();
        return new FunctionOutputs
        {
            Queues = [.. declared.Where(output => output.Attribute is not HttpResultAttribute)
                .Select(output => (Getter(output.Property), Sender(function, output.Attribute)))],
            HttpResult = response ?? (static _ => null),
        };
    }

    private Func<object?, CancellationToken, Task> Sender(FunctionDescriptor function, OutputBindingAttribute attribute) => attribute switch
    {
        QueueOutputAttribute queue => outputs.Create(queue),
        _ => throw function.NotSupported($"[{attribute.GetType().Name}] is not supported by the local runtime."),
    };

    private static Func<object, object?> Getter(PropertyInfo property)
    {
        var get = MethodInvoker.Compile(property.GetMethod!);
        return result => get(result, []);
    }

    private static string AttributesOf(ParameterInfo parameter)
    {
        var names = parameter.GetCustomAttributes()
            .Where(attribute => attribute is BindingAttribute or InputConverterAttribute)
            .Select(attribute => $"[{attribute.GetType().Name}]")
            .ToList();
        return names.Count == 0 ? string.Empty : $" with {string.Join(", ", names)}";
    }
}
