using System.Reflection;
using Azure.Core.Serialization;
using Azure.Storage.Queues.Models;
using FunctionsBroker.Local.Functions.Discovery;
using FunctionsBroker.Local.Functions.Invocation;

namespace FunctionsBroker.Local.Functions.Queues;

/// <summary>Binds a queue function: the message in the form its parameter asks for, and its metadata by name. Its trigger is the <see cref="QueueMessage"/>.</summary>
internal sealed class QueueTriggerBinding(FunctionDescriptor function, ObjectSerializer serializer) : TriggerBinding
{
    private static readonly Dictionary<string, Func<QueueMessage, object?>> s_metadata = new(StringComparer.OrdinalIgnoreCase)
    {
        ["QueueTrigger"] = message => message.MessageText,
        ["Id"] = message => message.MessageId,
        ["PopReceipt"] = message => message.PopReceipt,
        ["DequeueCount"] = message => message.DequeueCount,
        ["InsertionTime"] = message => message.InsertedOn,
        ["ExpirationTime"] = message => message.ExpiresOn,
        ["NextVisibleTime"] = message => message.NextVisibleOn,
    };

    public override ArgumentBinder? Bind(ParameterInfo parameter)
    {
        if (parameter == function.TriggerParameter)
        {
            var convert = ConverterTo(parameter.ParameterType);
            return context => new ValueTask<object?>(convert((QueueMessage)context.Trigger));
        }

        return s_metadata.TryGetValue(parameter.Name!, out var read)
            ? NamedDataBinder.For(parameter, context => read((QueueMessage)context.Trigger))
            : null;
    }

    public override IReadOnlyDictionary<string, object?> GetBindingData(object trigger)
    {
        var message = (QueueMessage)trigger;
        return s_metadata.ToDictionary(datum => datum.Key, datum => datum.Value(message), StringComparer.OrdinalIgnoreCase);
    }

    private Func<QueueMessage, object?> ConverterTo(Type type)
    {
        if (type == typeof(QueueMessage))
        {
            return static message => message;
        }

        if (type == typeof(string))
        {
            return static message => message.MessageText;
        }

        if (type == typeof(BinaryData))
        {
            return static message => message.Body;
        }

        if (type == typeof(byte[]))
        {
            return static message => message.Body.ToArray();
        }

        return message => serializer.Deserialize(message.Body.ToStream(), type, CancellationToken.None);
    }
}
