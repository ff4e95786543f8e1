using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FunctionsBroker.Cli.Serialization;

namespace FunctionsBroker.Cli.Data;

/// <summary>The secrets of one data folder: made once, kept in files that only their owner can read.</summary>
/// <param name="FunctionKey">The key for the front's API.</param>
/// <param name="CallbackKey">What a host shows to the front.</param>
/// <param name="HostKey">What the front shows to a host.</param>
/// <param name="OpenAiKey">What clients of the OpenAI-compatible API show; it opens nothing else.</param>
/// <param name="Storage">Whose storage it is.</param>
internal sealed record BrokerSecrets(string FunctionKey, string CallbackKey, string HostKey, string OpenAiKey, StorageAccount Storage)
{
    private const string DefaultKeyName = "default";
    private const string CallerKeyName = "caller-";
    private const string HostFile = "host.json";

    /// <summary>Where the Functions runtime keeps its keys.</summary>
    public static string Folder(DataFolder data) => data.Folder("secrets");

    /// <summary>The secrets of the folder, with new ones where it has none.</summary>
    /// <param name="data">The folder.</param>
    /// <param name="onNewAccount">Called when the folder is older than its storage account, so that what it holds under the published one stays behind.</param>
    public static BrokerSecrets LoadOrCreate(DataFolder data, Action<StorageAccount> onNewAccount)
    {
        var folder = Folder(data);
        var keysFile = data.Combine("keys.json");
        var internalKeys = Load(
            keysFile,
            CliJsonContext.Default.InternalKeys,
            () => new InternalKeys(NewKey(), NewKey(), NewKey(), StorageAccount.Create()));
        var storage = internalKeys.Storage ?? StorageAccount.Create();
        var openAiKey = internalKeys.OpenAiKey ?? NewKey();
        if (internalKeys with { Storage = storage, OpenAiKey = openAiKey } is var complete && complete != internalKeys)
        {
            AtomicFile.Write(keysFile, JsonSerializer.Serialize(complete, CliJsonContext.Default.InternalKeys));
            if (internalKeys.Storage is null)
            {
                onNewAccount(storage);
            }
        }

        var hostFile = Path.Combine(folder, HostFile);
        var functionKeys = Load(
            hostFile,
            CliJsonContext.Default.FunctionKeysFile,
            () => new FunctionKeysFile(new FunctionKey("master", NewKey()), [new FunctionKey(DefaultKeyName, NewKey())], []));
        var key = functionKeys.FunctionKeys.FirstOrDefault(candidate => candidate.Name == DefaultKeyName)
            ?? throw new CommandException(ExitCodes.Failure, $"{hostFile} has no function key named '{DefaultKeyName}'");
        return new BrokerSecrets(key.Value, internalKeys.CallbackKey, internalKeys.HostKey, openAiKey, storage);
    }

    /// <summary>Has the Functions host take the keys of the callers that the front is told of, and no longer those that it was told of before.</summary>
    /// <exception cref="CommandException">The file of the keys is not readable.</exception>
    public static void SetCallerKeys(DataFolder data, IReadOnlyList<string> keys)
    {
        var path = Path.Combine(Folder(data), HostFile);
        var file = Load(path, CliJsonContext.Default.FunctionKeysFile, () => throw new InvalidOperationException("The folder has no keys."));
        IReadOnlyList<FunctionKey> all =
        [
            .. file.FunctionKeys.Where(key => !key.Name.StartsWith(CallerKeyName, StringComparison.Ordinal)),
            .. keys.Index().Select(key => new FunctionKey($"{CallerKeyName}{key.Index}", key.Item)),
        ];
        if (!all.SequenceEqual(file.FunctionKeys))
        {
            AtomicFile.Write(path, JsonSerializer.Serialize(file with { FunctionKeys = all }, CliJsonContext.Default.FunctionKeysFile));
        }
    }

    private static T Load<T>(string path, JsonTypeInfo<T> type, Func<T> create)
    {
        if (!File.Exists(path))
        {
            AtomicFile.Write(path, JsonSerializer.Serialize(create(), type));
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(path), type) ?? throw new JsonException("The file holds null.");
        }
        catch (JsonException exception)
        {
            throw new CommandException(ExitCodes.Failure, $"{path} is not readable ({exception.Message}); remove it to get new keys");
        }
    }

    private static string NewKey() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
}

/// <summary>The file <c>secrets/host.json</c>, in the shape in which the Functions host keeps its keys.</summary>
internal sealed record FunctionKeysFile(FunctionKey MasterKey, IReadOnlyList<FunctionKey> FunctionKeys, IReadOnlyList<FunctionKey> SystemKeys);

/// <summary>A key of the Functions host.</summary>
internal sealed record FunctionKey(string Name, string Value, bool Encrypted = false);

/// <summary>The file <c>keys.json</c>: what front, hosts and clients of the OpenAI-compatible API show. Not in the folder of function keys, whose every file the runtime reads.</summary>
/// <param name="OpenAiKey">Null in the file of a folder from before clients of that API had a key of their own.</param>
/// <param name="Storage">Null in the file of a folder from before storage had an account of its own.</param>
internal sealed record InternalKeys(string CallbackKey, string HostKey, string? OpenAiKey, StorageAccount? Storage);

/// <summary>The account of a data folder's storage: its own, so that nobody else has its key.</summary>
internal sealed record StorageAccount(string Name, string Key)
{
    private const int KeyBytes = 64;

    public static StorageAccount Create() => new("broker", Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes)));
}
