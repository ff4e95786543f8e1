using System.Globalization;
using System.Text;

namespace FunctionsBroker.Local.Durable.Instances;

/// <summary>
/// Instance ids as partition keys: the one place where that is done. Letters, digits and <c>- . _ @ :</c> stand for
/// themselves, any other UTF-16 unit becomes <c>~</c> and four hexadecimal digits, so that a prefix of an id is a prefix of
/// its key.
/// </summary>
internal static class InstanceKey
{
    /// <summary>Keys of partitions that are not instances begin so; no encoded id does.</summary>
    public const string ReservedPrefix = "~~";

    /// <summary>The longest key that Table storage takes, in UTF-16 units.</summary>
    private const int MaxLength = 512;

    public static string Encode(string instanceId)
    {
        StringBuilder? encoded = null;
        for (int i = 0; i < instanceId.Length; i++)
        {
            char c = instanceId[i];
            if (IsPlain(c))
            {
                encoded?.Append(c);
            }
            else
            {
                encoded ??= new StringBuilder(instanceId, 0, i, instanceId.Length + 20);
                encoded.Append('~').Append(((int)c).ToString("X4", CultureInfo.InvariantCulture));
            }
        }

        return encoded?.ToString() ?? instanceId;
    }

    public static string Decode(string key)
    {
        if (!key.Contains('~', StringComparison.Ordinal))
        {
            return key;
        }

        StringBuilder decoded = new(key.Length);
        for (int i = 0; i < key.Length; i++)
        {
            if (key[i] == '~')
            {
                decoded.Append((char)int.Parse(key.AsSpan(i + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                i += 4;
            }
            else
            {
                decoded.Append(key[i]);
            }
        }

        return decoded.ToString();
    }

    /// <exception cref="ArgumentException">The id is empty or too long to be a key.</exception>
    public static void ThrowIfUnusable(string instanceId)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        if (Encode(instanceId).Length > MaxLength)
        {
            throw new ArgumentException($"An instance ID must not be longer than {MaxLength} characters as a table key.", nameof(instanceId));
        }
    }

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '@' or ':';
}
