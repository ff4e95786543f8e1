using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsBroker.Local.Functions.Http;

/// <summary>The folder of key files, in the format of the real host's file repository: host.json, and one file per function.</summary>
internal sealed class SecretsFolder(string path)
{
    private const string HostFile = "host.json";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Reads every key; makes a master key and a default host key first if there is no host file.</summary>
    /// <exception cref="InvalidDataException">A file is malformed; the message names it and no key.</exception>
    public IReadOnlyList<FunctionKey> ReadKeys()
    {
        EnsureHostFile();
        var keys = new List<FunctionKey>();
        foreach (var file in Directory.EnumerateFiles(path, "*.json").Order(StringComparer.Ordinal))
        {
            if (string.Equals(Path.GetFileName(file), HostFile, StringComparison.OrdinalIgnoreCase))
            {
                var secrets = Read(file, SecretsJsonContext.Default.HostSecrets);
                keys.AddRange(Keys(file, [secrets.MasterKey], AuthorizationLevel.Admin, null));
                keys.AddRange(Keys(file, secrets.FunctionKeys, AuthorizationLevel.Function, null));
                keys.AddRange(Keys(file, secrets.SystemKeys, AuthorizationLevel.System, null));
            }
            else
            {
                var secrets = Read(file, SecretsJsonContext.Default.FunctionSecrets);
                keys.AddRange(Keys(file, secrets.Keys, AuthorizationLevel.Function, Path.GetFileNameWithoutExtension(file)));
            }
        }

        return keys;
    }

    private static IEnumerable<FunctionKey> Keys(string file, IEnumerable<SecretKey>? keys, AuthorizationLevel level, string? functionName)
    {
        // A list that the file leaves out is null: generated deserialization does not run initializers.
        foreach (var key in keys ?? [])
        {
            if (key.Encrypted || key.Value.Length == 0)
            {
                throw new InvalidDataException($"{file}: key '{key.Name}' is empty or encrypted; the local runtime takes plain keys only.");
            }

            yield return FunctionKey.Of(key.Value, level, functionName);
        }
    }

    private static T Read<T>(string file, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(file), type) ?? throw new InvalidDataException($"{file} is empty.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{file} is not a valid key file (line {exception.LineNumber + 1}, {exception.Path}).");
        }
    }

    private void EnsureHostFile()
    {
        Directory.CreateDirectory(path);
        var file = Path.Combine(path, HostFile);
        if (File.Exists(file))
        {
            return;
        }

        // Written beside and moved, so that another process that starts now finds no file or a whole one.
        var draft = Path.Combine(path, $".{Guid.NewGuid():N}");
        var secrets = new HostSecrets
        {
            MasterKey = NewKey("master"),
            FunctionKeys = [NewKey("default")],
        };
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using (var stream = new FileStream(draft, options))
        {
            JsonSerializer.Serialize(stream, secrets, SecretsJsonContext.Default.HostSecrets);
        }

        try
        {
            File.Move(draft, file, overwrite: false);
        }
        catch (IOException) when (File.Exists(file))
        {
            // Another process was first; its keys are the keys.
            File.Delete(draft);
        }
    }

    private static SecretKey NewKey(string name) =>
        new() { Name = name, Value = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(28)) };
}
