namespace FunctionsBroker.TestKit;

/// <summary>A fresh folder, removed with all it holds at disposal.</summary>
public sealed class TempDirectory : IDisposable
{
    // A process that the test has killed, or a child of it, may write there a little longer.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("functionsbroker-");

    public string Path => _folder.FullName;

    /// <summary>A path below the folder; nothing is created.</summary>
    public string Combine(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Path, .. parts]);

    public void Dispose()
    {
        if (!SpinWait.SpinUntil(TryDelete, s_patience))
        {
            _folder.Delete(recursive: true);
        }
    }

    private bool TryDelete()
    {
        try
        {
            _folder.Delete(recursive: true);
            return true;
        }
        catch (IOException)
        {
            // The test may have removed it itself.
            return !Directory.Exists(Path);
        }
    }
}
