using System.Globalization;
using System.Reflection;

namespace FunctionsBroker.Local.Functions.Invocation;

/// <summary>Binds a parameter to the trigger's data of the same name.</summary>
internal static class NamedDataBinder
{
    /// <summary>Returns the binder, or null when no text could become the parameter's type.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="find">Finds the datum of an invocation; null when there is none.</param>
    public static ArgumentBinder? For(ParameterInfo parameter, Func<LocalFunctionContext, object?> find)
    {
        if (!TextConverter.TryFor(parameter.ParameterType, out var convert))
        {
            return null;
        }

        var type = parameter.ParameterType;
        var mayBeNull = !type.IsValueType || Nullable.GetUnderlyingType(type) is not null;
        return context => new ValueTask<object?>(find(context) switch
        {
            null when parameter.HasDefaultValue => parameter.DefaultValue,
            null when mayBeNull => null,
            null => throw new FunctionInputConverterException(
                context.Function.Definition.Name, parameter.Name!, "there is no value for it, and it has no default."),
            { } value when type.IsInstanceOfType(value) => value,
            { } value => Convert(context, parameter, convert, value),
        });
    }

    private static object? Convert(LocalFunctionContext context, ParameterInfo parameter, Func<string, object?> convert, object value)
    {
        try
        {
            return convert(System.Convert.ToString(value, CultureInfo.InvariantCulture)!);
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            throw new FunctionInputConverterException(
                context.Function.Definition.Name, parameter.Name!, $"the value cannot be read as {(Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType).Name}.", exception);
        }
    }
}
