using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FunctionsBroker.ClaudeCode.Turns;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.ClaudeCode.StreamJson;

/// <summary>The ids under which a turn's prompt is sent to the CLI.</summary>
public static class MessageIds
{
    /// <summary>How many ids a turn may use up: more than a model that refuses it for as long as it may last takes.</summary>
    public const int Generations = 256;

    /// <summary>All ids of a turn.</summary>
    public static IReadOnlySet<Guid> AllFor(TurnPrompt prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return Enumerable.Range(0, Generations).Select(generation => For(prompt.SessionId, prompt.TurnId, generation)).ToHashSet();
    }

    /// <summary>The same for the same turn on every host, so that the CLI itself knows a prompt that it has had before.</summary>
    /// <param name="generation">From 0; the next is used when the prompt was sent under this one and is known to have no answer.</param>
    public static Guid For(SessionId session, TurnId turn, int generation)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{session.Value}~{turn.Value}~{generation}");
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(name), hash);

        // RFC 9562, version 8: a UUID whose bits are the application's own.
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
