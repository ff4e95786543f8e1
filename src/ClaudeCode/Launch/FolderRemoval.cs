namespace FunctionsBroker.ClaudeCode.Launch;

internal static class FolderRemoval
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>Removes a folder with all it holds, if there is one. A killed process may still write there for a moment: that is waited for, for 5 s.</summary>
    /// <exception cref="IOException">Somebody goes on writing there, or the disk fails.</exception>
    public static void Remove(string path)
    {
        if (Directory.Exists(path) && !SpinWait.SpinUntil(() => TryRemove(path), s_patience))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private static bool TryRemove(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
            return true;
        }
        catch (IOException)
        {
            return !Directory.Exists(path);
        }
    }
}
