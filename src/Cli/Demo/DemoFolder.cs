using FunctionsBroker.Cli.Data;

namespace FunctionsBroker.Cli.Demo;

/// <summary>The data folder of a demo: the one asked for, or a fresh one that is removed again unless something went wrong.</summary>
internal sealed class DemoFolder : IDisposable
{
    private bool _keep;

    private DemoFolder(string path, bool keep)
    {
        Path = path;
        _keep = keep;
    }

    public string Path { get; }

    /// <summary>What the parts say goes here, so that the conversation can be read on the screen.</summary>
    public string LogPath => DataFolder.LogPathIn(Path);

    public static DemoFolder Open(string? path) => path is null
        ? new DemoFolder(Directory.CreateTempSubdirectory("broker-demo-").FullName, keep: false)
        : new DemoFolder(DataFolder.Create(path), keep: true);

    /// <summary>Leaves the folder for somebody to look into.</summary>
    public void Keep(bool keep) => _keep |= keep;

    public void Dispose()
    {
        if (!_keep)
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
