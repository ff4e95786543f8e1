using System.Text.Json;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.SessionHost.Orphans;

/// <summary>Writes down which processes are alive, so that those of a killed host can be ended.</summary>
/// <remarks>
/// A host that is killed leaves its <c>claude</c> processes behind. An idle one ends when its stdin closes, but one in
/// the middle of a turn finishes that turn first and writes to the transcript, beside the process that the host's next run
/// has started for the conversation. So a file on the host's disk names each process for that run, which ends them at once.
/// </remarks>
internal sealed partial class LiveProcesses(string workPath, string hostId, TimeProvider time, ILogger<LiveProcesses> logger)
{
    private const string ReadyEnding = ".ready.json";

    private readonly string _ownFolder = Path.Combine(Path.GetFullPath(workPath), "live");

    /// <summary>Ends what an earlier run of this host has left, and waits until it is gone.</summary>
    public async Task EndThoseOfFormerRunAsync()
    {
        if (!Directory.Exists(_ownFolder))
        {
            return;
        }

        foreach (var file in Directory.EnumerateFiles(_ownFolder))
        {
            await EndAsync(file);
            if (file.EndsWith(ReadyEnding, StringComparison.Ordinal) && RouteId.TryParse(Path.GetFileName(file)[..^ReadyEnding.Length], out var unused))
            {
                new SessionFolders(workPath, unused).Delete();
            }

            File.Delete(file);
        }
    }

    /// <summary>Ends the process that the session may still have here, and waits until it is gone.</summary>
    public Task EndFormerAsync(SessionFolders folders) => EndAsync(OwnFile(folders.Route));

    /// <summary>Writes a process down, before it is given anything to do.</summary>
    /// <param name="ready">Whether no session has the process yet, so that its folders may go with it.</param>
    public async Task EnterAsync(SessionFolders folders, ProcessIdentity process, bool ready, CancellationToken cancellationToken)
    {
        var live = new LiveProcess { HostId = hostId, Process = process };
        var json = JsonSerializer.SerializeToUtf8Bytes(live, OrphansJsonContext.Default.LiveProcess);
        Directory.CreateDirectory(_ownFolder);
        await WriteAsync(ready ? ReadyFile(folders.Route) : OwnFile(folders.Route), json, cancellationToken);
    }

    /// <summary>A session is about to have a process that was ready: from now on its folders are the session's.</summary>
    public void Adopt(SessionFolders folders) => File.Move(ReadyFile(folders.Route), OwnFile(folders.Route), overwrite: true);

    /// <summary>The process is gone.</summary>
    public void Leave(SessionFolders folders, ProcessIdentity process)
    {
        foreach (var file in (string[])[OwnFile(folders.Route), ReadyFile(folders.Route)])
        {
            if (Read(file)?.Process == process)
            {
                File.Delete(file);
            }
        }
    }

    private string ReadyFile(RouteId route) => Path.Combine(_ownFolder, route.Value + ReadyEnding);

    private string OwnFile(RouteId route) => Path.Combine(_ownFolder, route.Value + ".json");

    private async Task EndAsync(string file)
    {
        if (Read(file) is { } live && await live.Process.EndAsync(time))
        {
            LogEnded(logger, live.Process.Pid, live.HostId);
        }
    }

    private LiveProcess? Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(file), OrphansJsonContext.Default.LiveProcess);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException exception)
        {
            // Written in part by a host that was killed there: no process had been given work under it.
            LogUnreadable(logger, exception, file);
            return null;
        }
    }

    // Renamed into place, so that nobody reads half of it.
    private static async Task WriteAsync(string file, byte[] json, CancellationToken cancellationToken)
    {
        var temporary = file + ".new";
        await File.WriteAllBytesAsync(temporary, json, cancellationToken);
        File.Move(temporary, file, overwrite: true);
    }

    [LoggerMessage(EventIds.LiveProcessesEnded, LogLevel.Warning, "Process {Pid}, left behind by host {HostId}, was ended")]
    private static partial void LogEnded(ILogger logger, int pid, string hostId);

    [LoggerMessage(EventIds.Unreadable, LogLevel.Warning, "The process file {File} cannot be read")]
    private static partial void LogUnreadable(ILogger logger, Exception exception, string file);
}
