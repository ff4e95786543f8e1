using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;

namespace FunctionsBroker.Local.Functions.Invocation;

/// <summary>Turns text (a route value, a message's metadata) into a parameter's type.</summary>
internal static class TextConverter
{
    /// <summary>Finds the conversion to a type: string, anything that parses itself, enums, and nullable forms of these.</summary>
    /// <returns>False when there is none. The conversion throws <see cref="FormatException"/> or <see cref="OverflowException"/> on bad text.</returns>
    public static bool TryFor(Type type, [NotNullWhen(true)] out Func<string, object?>? convert)
    {
        var target = Nullable.GetUnderlyingType(type) ?? type;
        if (target == typeof(string) || target == typeof(object))
        {
            convert = static text => text;
        }
        else if (target.IsEnum)
        {
            convert = text => Enum.TryParse(target, text, ignoreCase: true, out var value)
                ? value
                : throw new FormatException($"'{text}' is not a value of {target.Name}.");
        }
        else if (target.GetInterfaces().Any(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IParsable<>)))
        {
            convert = typeof(TextConverter).GetMethod(nameof(Parse), BindingFlags.NonPublic | BindingFlags.Static)!
                .MakeGenericMethod(target)
                .CreateDelegate<Func<string, object?>>();
        }
        else
        {
            convert = null;
        }

        return convert is not null;
    }

    private static object? Parse<T>(string text)
        where T : IParsable<T>
        => T.Parse(text, CultureInfo.InvariantCulture);
}
