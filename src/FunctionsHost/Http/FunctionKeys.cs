using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FunctionsBroker.FunctionsHost.App;

namespace FunctionsBroker.FunctionsHost.Http;

/// <summary>How far a key reaches.</summary>
internal enum KeyLevel
{
    /// <summary>No key, or one that is not known.</summary>
    None,

    /// <summary>A key of the function.</summary>
    Function,

    /// <summary>A key of an extension's own calls.</summary>
    System,

    /// <summary>The master key.</summary>
    Admin,
}

/// <summary>The keys in the secrets folder: <c>host.json</c> for all functions, <c>NAME.json</c> for one.</summary>
/// <remarks>
/// Files and levels are those of the real host (Azure/azure-functions-host, SecretManager); a changed file counts from the next
/// request on. Only hashes are compared, in constant time.
/// </remarks>
internal sealed class FunctionKeys
{
    private const string SystemKeyName = "durabletask_extension";
    private const UnixFileMode OwnerFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _folder;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, KeyFile> _files = [];

    /// <summary>Opens the folder, which is made with new keys when it is not there.</summary>
    /// <exception cref="HostException">The host's file is not readable, or has no master key.</exception>
    public FunctionKeys(string folder)
    {
        _folder = folder;
        var path = Path.Combine(folder, "host.json");
        try
        {
            Directory.CreateDirectory(folder, OwnerFolder);
            var json = File.Exists(path) ? Parse(path) : new JsonObject { ["masterKey"] = NewKey("master"), ["functionKeys"] = new JsonArray(NewKey("default")) };
            if (json["masterKey"]?["value"]?.ToString() is not { Length: > 0 })
            {
                throw new HostException(ExitCodes.App, $"{path} has no masterKey");
            }

            WebHookKey = Keys(json["systemKeys"]).FirstOrDefault(key => key.Name == SystemKeyName).Value ?? AddWebHookKey(path, json);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new HostException(ExitCodes.App, $"the folder of keys cannot be used: {exception.Message}");
        }
    }

    /// <summary>The key of the Durable extension's own HTTP calls.</summary>
    public string WebHookKey { get; }

    /// <summary>How far the key of a request reaches: header <c>x-functions-key</c>, else query parameter <c>code</c>.</summary>
    /// <param name="function">The function that is called; null for the host's own calls.</param>
    public KeyLevel LevelOf(HttpRequest request, string? function)
    {
        var given = request.Headers["x-functions-key"].FirstOrDefault() is { Length: > 0 } header ? header : request.Query["code"].FirstOrDefault();
        if (string.IsNullOrEmpty(given))
        {
            return KeyLevel.None;
        }

        var hash = Hash(given);
        var level = Load("host").LevelOf(hash);
        return level == KeyLevel.None && function is not null ? Load(function.ToLowerInvariant()).LevelOf(hash) : level;
    }

    private KeyFile Load(string name)
    {
        var path = Path.Combine(_folder, name + ".json");
        var written = File.GetLastWriteTimeUtc(path);
        lock (_lock)
        {
            if (!_files.TryGetValue(name, out var file) || file.Written != written)
            {
                file = _files[name] = File.Exists(path) ? new KeyFile(written, Parse(path)) : new KeyFile(written, []);
            }

            return file;
        }
    }

    private static string AddWebHookKey(string path, JsonObject json)
    {
        var key = NewKey(SystemKeyName);
        if (json["systemKeys"] is not JsonArray keys)
        {
            json["systemKeys"] = keys = [];
        }

        keys.Add(key);
        // The real host's files begin with a byte order mark. Replaced in one step: another reader never sees half of it.
        var next = path + ".next";
        using (var writer = new StreamWriter(next, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            writer.Write(json.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
        }

        File.Move(next, path, overwrite: true);
        return key["value"]!.ToString();
    }

    private static JsonObject Parse(string path)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? throw new JsonException("it is not an object");
        }
        catch (JsonException exception)
        {
            throw new HostException(ExitCodes.App, $"{path} is not a file of keys: {exception.Message}");
        }
    }

    private static JsonObject NewKey(string name) => new()
    {
        ["name"] = name,
        ["value"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(40)).Replace('+', '-').Replace('/', '_').TrimEnd('='),
        ["encrypted"] = false,
    };

    private static IEnumerable<(string? Name, string? Value)> Keys(JsonNode? keys) =>
        (keys as JsonArray ?? []).OfType<JsonObject>()
            // An encrypted value is of use only on the machine that wrote it.
            .Where(key => key["encrypted"]?.ToString() is not "true")
            .Select(key => (key["name"]?.ToString(), key["value"]?.ToString()));

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private sealed class KeyFile(DateTime written, JsonObject json)
    {
        private readonly (KeyLevel Level, byte[] Hash)[] _keys =
        [
            .. Of(KeyLevel.Admin, new JsonArray(json["masterKey"]?.DeepClone())),
            .. Of(KeyLevel.System, json["systemKeys"]),
            .. Of(KeyLevel.Function, json["functionKeys"]),
            .. Of(KeyLevel.Function, json["keys"]),
        ];

        public DateTime Written => written;

        public KeyLevel LevelOf(byte[] hash)
        {
            // Every key is compared, so that the time tells nothing.
            var level = KeyLevel.None;
            foreach (var key in _keys)
            {
                level = CryptographicOperations.FixedTimeEquals(key.Hash, hash) && key.Level > level ? key.Level : level;
            }

            return level;
        }

        private static IEnumerable<(KeyLevel Level, byte[] Hash)> Of(KeyLevel level, JsonNode? keys) =>
            Keys(keys).Where(key => !string.IsNullOrEmpty(key.Value)).Select(key => (level, Hash(key.Value!)));
    }
}
