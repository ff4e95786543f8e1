namespace FunctionsBroker.Local.Storage.Accounts;

/// <summary>
/// Reads storage connection strings: <c>UseDevelopmentStorage=true</c>, account name and key with explicit endpoints or a
/// suffix, and endpoints with a shared access signature. A message names the setting at fault and never shows a secret.
/// Source: https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string
/// </summary>
internal static class ConnectionStringParser
{
    /// <summary>The account and key that every storage emulator has; they are published and open nothing else.</summary>
    public const string EmulatorAccount = "devstoreaccount1";

    /// <inheritdoc cref="EmulatorAccount"/>
    public const string EmulatorKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private const string DefaultSuffix = "core.windows.net";

    /// <exception cref="FormatException">The string is not a usable connection string; the message names the setting.</exception>
    public static StorageAccount Parse(string connectionString)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        var settings = Split(connectionString);
        return settings.TryGetValue("UseDevelopmentStorage", out var development)
            ? Emulator(development, settings)
            : Account(settings);
    }

    private static Dictionary<string, string> Split(string connectionString)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var position = 0;
        foreach (var segment in connectionString.Split(';', StringSplitOptions.TrimEntries))
        {
            position++;
            if (segment.Length == 0)
            {
                continue;
            }

            var equals = segment.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !segment.AsSpan(0, equals).Trim().ToString().All(char.IsAsciiLetter))
            {
                // The segment itself is not shown: a broken separator can make it, name and all, the account key.
                throw new FormatException($"The storage connection string is malformed: its setting number {position} is not of the form 'Name=value'.");
            }

            var name = segment[..equals].Trim();
            if (!settings.TryAdd(name, segment[(equals + 1)..].Trim()))
            {
                throw new FormatException($"The storage connection string sets '{name}' more than once.");
            }
        }

        return settings;
    }

    private static StorageAccount Emulator(string development, Dictionary<string, string> settings)
    {
        if (!bool.TryParse(development, out var use) || !use)
        {
            throw new FormatException("The storage connection string's 'UseDevelopmentStorage' must be 'true' where it is given.");
        }

        var host = Endpoint(settings, "DevelopmentStorageProxyUri") is { } proxy ? $"{proxy.Scheme}://{proxy.Host}" : "http://127.0.0.1";
        return new StorageAccount(
            EmulatorAccount,
            EmulatorKey,
            null,
            new Uri($"{host}:10002/{EmulatorAccount}"),
            new Uri($"{host}:10001/{EmulatorAccount}"));
    }

    private static StorageAccount Account(Dictionary<string, string> settings)
    {
        var name = Value(settings, "AccountName");
        var key = Key(settings);
        var signature = Value(settings, "SharedAccessSignature")?.TrimStart('?');
        if (key is not null && name is null)
        {
            throw new FormatException("The storage connection string has 'AccountKey' but no 'AccountName'.");
        }

        if (key is null && signature is null)
        {
            throw new FormatException("The storage connection string has neither 'AccountKey' nor 'SharedAccessSignature'.");
        }

        return new StorageAccount(
            name,
            key,
            key is null ? signature : null,
            Endpoint(settings, "TableEndpoint") ?? DefaultEndpoint(settings, name, "table"),
            Endpoint(settings, "QueueEndpoint") ?? DefaultEndpoint(settings, name, "queue"));
    }

    private static string? Key(Dictionary<string, string> settings)
    {
        var key = Value(settings, "AccountKey");
        if (key is not null && !Convert.TryFromBase64String(key, new byte[key.Length], out _))
        {
            throw new FormatException("The storage connection string's 'AccountKey' is not base64.");
        }

        return key;
    }

    private static string? Value(Dictionary<string, string> settings, string name)
    {
        if (!settings.TryGetValue(name, out var value))
        {
            return null;
        }

        return value.Length > 0 ? value : throw new FormatException($"The storage connection string's '{name}' is empty.");
    }

    private static Uri? Endpoint(Dictionary<string, string> settings, string name)
    {
        if (Value(settings, name) is not { } value)
        {
            return null;
        }

        return Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https")
            ? uri
            : throw new FormatException($"The storage connection string's '{name}' is not an absolute http(s) address.");
    }

    private static Uri? DefaultEndpoint(Dictionary<string, string> settings, string? account, string service)
    {
        if (account is null)
        {
            return null;
        }

        var protocol = Value(settings, "DefaultEndpointsProtocol") ?? "https";
        if (protocol is not ("http" or "https"))
        {
            throw new FormatException("The storage connection string's 'DefaultEndpointsProtocol' must be 'http' or 'https'.");
        }

        var suffix = Value(settings, "EndpointSuffix") ?? DefaultSuffix;
        return Uri.TryCreate($"{protocol}://{account}.{service}.{suffix}", UriKind.Absolute, out var uri)
            ? uri
            : throw new FormatException("The storage connection string's 'AccountName' and 'EndpointSuffix' do not make a host name.");
    }
}
