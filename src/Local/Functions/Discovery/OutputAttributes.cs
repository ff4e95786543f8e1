using System.Reflection;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace FunctionsBroker.Local.Functions.Discovery;

/// <summary>Where a function's outputs are declared: on the method, or on properties of its result.</summary>
internal static class OutputAttributes
{
    /// <summary>The binding name of a method's own result.</summary>
    public const string ReturnName = "$return";

    public static IEnumerable<(string Name, OutputBindingAttribute Attribute)> Of(FunctionDescriptor function)
    {
        if (function.Method.GetCustomAttribute<OutputBindingAttribute>() is { } own)
        {
            yield return (ReturnName, own);
        }

        foreach (var (property, attribute) in OfProperties(function.ResultType))
        {
            yield return (property.Name, attribute);
        }
    }

    public static IEnumerable<(PropertyInfo Property, OutputBindingAttribute Attribute)> OfProperties(Type result) =>
        result.GetProperties()
            .Select(property => (property, attribute: property.GetCustomAttribute<OutputBindingAttribute>()))
            .Where(found => found.attribute is not null)
            .Select(found => (found.property, found.attribute!));
}
