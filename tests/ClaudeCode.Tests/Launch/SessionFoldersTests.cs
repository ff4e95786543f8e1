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
        var folders = new SessionFolders(folder.Combine("shared"), folder.Combine("own"), RouteId.NewRouteId());

        folders.Create();

        Assert.All(
            (string[])[folders.Shared, folders.Config, folders.Home, folders.Work, folders.Temporary],
            path => Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                File.GetUnixFileMode(path)));
    }

    [Fact]
    public void Delete_Session_LeavesTheOthers()
    {
        using var folder = new TempDirectory();
        var gone = new SessionFolders(folder.Combine("shared"), folder.Combine("own"), RouteId.NewRouteId());
        var kept = new SessionFolders(folder.Combine("shared"), folder.Combine("own"), RouteId.NewRouteId());
        gone.Create();
        kept.Create();

        gone.Delete();
        gone.Delete();

        Assert.False(Directory.Exists(gone.Shared) || Directory.Exists(gone.Home));
        Assert.True(Directory.Exists(kept.Work) && Directory.Exists(kept.Config));
    }

    [Fact]
    public void RelativeTranscriptPath_BelowTheSharedFolder_IsTheTranscript()
    {
        var folders = new SessionFolders("/shared", "/own", RouteId.NewRouteId());
        var id = Guid.NewGuid();

        Assert.Equal(folders.Transcript(id).Path, Path.Combine("/shared", folders.RelativeTranscriptPath(id)));
    }
}
