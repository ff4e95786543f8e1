using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.ClaudeCode.Tests.Launch;

[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class SessionFoldersTests
{
    [Fact]
    public void Create_EveryFolder_IsOpenToItsOwnerOnly()
    {
        using var folder = new TempDirectory();
        var folders = new SessionFolders(folder.Combine("own"), RouteId.NewRouteId());

        folders.Create();

        Assert.All(
            (string[])[folders.Root, folders.Config, folders.Home, folders.Work, folders.Temporary],
            path => Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                File.GetUnixFileMode(path)));
    }

    [Fact]
    public async Task Folder_in_which_a_killed_process_still_writes_goes()
    {
        using var folder = new TempDirectory();
        var folders = new SessionFolders(folder.Combine("own"), RouteId.NewRouteId());
        folders.Create();
        var writing = new TaskCompletionSource();
        var writer = Task.Run(
            () =>
            {
                for (var file = 0; file < 2000 && Directory.Exists(folders.Config); file++)
                {
                    Directory.CreateDirectory(Path.Combine(folders.Config, $"{file}.lock"));
                    writing.TrySetResult();
                }
            },
            TestContext.Current.CancellationToken);
        await writing.Task;

        folders.Delete();
        await writer;
        folders.Delete();

        Assert.False(Directory.Exists(folders.Root));
    }

    [Fact]
    public void Delete_Session_LeavesTheOthers()
    {
        using var folder = new TempDirectory();
        var gone = new SessionFolders(folder.Combine("own"), RouteId.NewRouteId());
        var kept = new SessionFolders(folder.Combine("own"), RouteId.NewRouteId());
        gone.Create();
        kept.Create();

        gone.Delete();
        gone.Delete();

        Assert.False(Directory.Exists(gone.Root));
        Assert.True(Directory.Exists(kept.Work) && Directory.Exists(kept.Config));
    }

    [Fact]
    public void DeleteConversation_Session_LeavesWhatItsProcessHasWritten()
    {
        using var folder = new TempDirectory();
        var folders = new SessionFolders(folder.Combine("own"), RouteId.NewRouteId());
        folders.Create();
        var transcript = folders.Transcript(Guid.NewGuid());
        Directory.CreateDirectory(Path.GetDirectoryName(transcript.Path)!);
        File.WriteAllText(transcript.Path, "{}");
        File.WriteAllText(folders.Exchanges, "{}");
        File.WriteAllText(Path.Combine(folders.Work, "notes.txt"), "mine");

        folders.DeleteConversation();

        Assert.False(transcript.Exists || File.Exists(folders.Exchanges));
        Assert.True(File.Exists(Path.Combine(folders.Work, "notes.txt")));
    }
}
