using System.Text.Json;
using System.Text.Json.Serialization;
using FunctionsBroker.ClaudeCode.Launch;

namespace FunctionsBroker.SessionHost.Conversations;

/// <summary>The content of a session's <c>session.json</c>: under which placement the files beside it are the session's conversation.</summary>
/// <remarks>While there is none, what is there is not to be used.</remarks>
internal sealed record HeldMark
{
    public int SchemaVersion { get; init; } = 1;

    public required string SessionId { get; init; }

    public required long Epoch { get; init; }

    /// <summary>The blob that this host has begun for the conversation; null before its first addition.</summary>
    public string? Blob { get; init; }

    /// <returns>Null when there is none, or none that can be read.</returns>
    public static HeldMark? Read(SessionFolders folders)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(folders.Mark), HeldMarkJsonContext.Default.HeldMark);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    /// <summary>What is in the folders is not to be used.</summary>
    public static void Delete(SessionFolders folders)
    {
        if (File.Exists(folders.Mark))
        {
            File.Delete(folders.Mark);
        }
    }

    /// <summary>Writes the mark, whole or not at all.</summary>
    public void Write(SessionFolders folders)
    {
        folders.Create();
        var temporary = folders.Mark + ".new";
        File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(this, HeldMarkJsonContext.Default.HeldMark));
        File.Move(temporary, folders.Mark, overwrite: true);
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(HeldMark))]
internal sealed partial class HeldMarkJsonContext : JsonSerializerContext;
