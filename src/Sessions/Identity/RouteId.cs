using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace FunctionsBroker.Sessions.Identity;

/// <summary>
/// The generated name of a session's folders on a host: 32 lower-case hexadecimal digits. No path is ever made of what a caller sent.
/// </summary>
public readonly record struct RouteId
{
    private const int Bytes = 16;
    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789abcdef");
    private readonly string? _value;

    private RouteId(string value) => _value = value;

    /// <exception cref="InvalidOperationException">This is the default value, which is no id.</exception>
    public string Value => _value ?? throw new InvalidOperationException("A default RouteId is not an id.");

    public static RouteId NewRouteId() => new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes)));

    /// <exception cref="FormatException">The text is not a route id.</exception>
    public static RouteId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException("A route id is 32 lower-case hexadecimal digits.");

    public static bool TryParse([NotNullWhen(true)] string? text, out RouteId id)
    {
        if (text is { Length: Bytes * 2 } && !text.AsSpan().ContainsAnyExcept(s_digits))
        {
            id = new RouteId(text);
            return true;
        }

        id = default;
        return false;
    }

    public override string ToString() => _value ?? string.Empty;
}
