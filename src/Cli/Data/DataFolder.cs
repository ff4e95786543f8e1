using System.Text.Json;
using FunctionsBroker.Cli.Processes;
using FunctionsBroker.Cli.Serialization;
using FunctionsBroker.Contracts.Endpoints;
using FunctionsBroker.Contracts.Serialization;

namespace FunctionsBroker.Cli.Data;

/// <summary>The folder given by <c>--data</c>: what the broker keeps between runs, and where it runs now.</summary>
/// <remarks>One <c>up</c> at a time owns it, by a lock that the kernel lets go when that process ends, however it ends.</remarks>
internal sealed class DataFolder : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // EAGAIN, which the runtime passes on as it is.
    private const int LockIsTaken = 11;

    private readonly FileStream _lock;

    private DataFolder(string path, FileStream @lock)
    {
        Path = path;
        _lock = @lock;
    }

    public string Path { get; }

    /// <summary>What the parts say, of the run under way or the last one.</summary>
    public string LogPath => LogPathIn(Path);

    private string RecordsPath => Combine("processes.json");

    /// <summary>Takes the folder, which is made when it is not there.</summary>
    /// <exception cref="CommandException">Another <c>up</c> has it, or it cannot be made or written to.</exception>
    public static DataFolder Acquire(string path)
    {
        path = Create(path);
        try
        {
            var stream = new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new DataFolder(path, stream);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw Unusable(path, exception);
        }
        catch (IOException exception) when (exception.HResult == LockIsTaken)
        {
            throw new CommandException(
                ExitCodes.WrongState,
                $"{path} is in use by a running 'broker up'; stop that one, or give another folder with --data");
        }
        catch (IOException exception)
        {
            throw Unusable(path, exception);
        }
    }

    /// <summary>Makes the folder where it is not there.</summary>
    /// <returns>Its full path.</returns>
    /// <exception cref="CommandException">It cannot be made.</exception>
    public static string Create(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        try
        {
            return Directory.CreateDirectory(path, OwnerOnly).FullName;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unusable(path, exception);
        }
    }

    /// <summary>Where the broker of a data folder runs; null when none does.</summary>
    public static EndpointsFile? ReadEndpoints(string path)
    {
        var file = System.IO.Path.Combine(path, "endpoints.json");
        return File.Exists(file)
            ? JsonSerializer.Deserialize(File.ReadAllText(file), ContractsJsonContext.Default.EndpointsFile)
            : null;
    }

    public static string LogPathIn(string path) => System.IO.Path.Combine(path, "broker.log");

    public string Combine(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>A folder below, made when it is not there.</summary>
    public string Folder(params ReadOnlySpan<string> parts) => Directory.CreateDirectory(Combine(parts), OwnerOnly).FullName;

    /// <summary>Lets the processes of other users through to a folder below, which they may know by its name only.</summary>
    public void LetThrough(string below)
    {
        foreach (var path in (string[])[Path, Folder(below)])
        {
            File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }
    }

    public void WriteEndpoints(EndpointsFile endpoints) => AtomicFile.Write(
        Combine("endpoints.json"),
        JsonSerializer.Serialize(endpoints, ContractsJsonContext.Default.EndpointsFile));

    /// <summary>Says that the broker of this folder runs no more.</summary>
    public void RemoveEndpoints() => File.Delete(Combine("endpoints.json"));

    /// <summary>Writes down which processes run, for <see cref="KillLeftovers"/> of a later run.</summary>
    public void WriteRecords(IReadOnlyList<ProcessRecord> records) =>
        AtomicFile.Write(RecordsPath, JsonSerializer.Serialize(records, CliJsonContext.Default.IReadOnlyListProcessRecord));

    /// <summary>Kills what an earlier run has left behind because it was killed itself.</summary>
    /// <returns>The names of the parts.</returns>
    public IReadOnlyList<string> KillLeftovers()
    {
        RemoveEndpoints();
        if (!File.Exists(RecordsPath))
        {
            return [];
        }

        var records = JsonSerializer.Deserialize(File.ReadAllText(RecordsPath), CliJsonContext.Default.IReadOnlyListProcessRecord) ?? [];
        var running = records.Where(record => record.Identity.IsRunning()).ToList();
        running.ForEach(record => ProcessGroup.Kill(record.Identity.Pid));
        return [.. running.Select(record => record.Name)];
    }

    public void Dispose() => _lock.Dispose();

    private static CommandException Unusable(string path, Exception cause) =>
        new(ExitCodes.WrongState, $"{path} cannot be used as a data folder: {cause.Message.TrimEnd('.')}; give another one with --data");
}

/// <summary>A line of <c>processes.json</c>.</summary>
internal sealed record ProcessRecord(string Name, ProcessIdentity Identity);

/// <summary>Finds the broker that runs on a data folder.</summary>
internal static class RunningBroker
{
    /// <exception cref="CommandException">None does.</exception>
    public static EndpointsFile Require(string dataPath) => DataFolder.ReadEndpoints(dataPath)
        ?? throw new CommandException(
            ExitCodes.WrongState,
            $"no broker is running on {Path.GetFullPath(dataPath)}; start one with ./broker up, or say which with --data");
}
