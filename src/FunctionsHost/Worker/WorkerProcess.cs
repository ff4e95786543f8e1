using System.Diagnostics;
using System.Globalization;
using FunctionsBroker.FunctionsHost.App;

namespace FunctionsBroker.FunctionsHost.Worker;

/// <summary>A worker process. The kernel ends it when this process ends, however that ends.</summary>
internal sealed partial class WorkerProcess
{
    // For a host that is killed: a worker does not end by itself when its stream does (measured).
    private const string Launcher = "setpriv";

    private static readonly string s_largestMessage = int.MaxValue.ToString(CultureInfo.InvariantCulture);

    private readonly Process _process;
    private readonly ILogger _log;

    private WorkerProcess(Process process, ILogger log)
    {
        (_process, _log) = (process, log);
        process.OutputDataReceived += (_, line) => Write(LogLevel.Information, line.Data);
        process.ErrorDataReceived += (_, line) => Write(LogLevel.Warning, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    /// <summary>Ends with the process; its exit code.</summary>
    public Task<int> Completion { get; private set; } = null!;

    /// <param name="app">The app whose worker this is.</param>
    /// <param name="rpc">Where the worker finds its host.</param>
    /// <param name="workerId">By which the host knows it.</param>
    /// <exception cref="HostException">The program is not there.</exception>
    public static async Task<WorkerProcess> StartAsync(FunctionApp app, Uri rpc, string workerId, ILogger log)
    {
        // The kernel's signal comes when the thread ends that started the process, so that thread stays as long.
        var started = new TaskCompletionSource<WorkerProcess>(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                var process = Process.Start(StartInfo(app, rpc, workerId)) ?? throw new UnreachableException();
                started.SetResult(new WorkerProcess(process, log) { Completion = ended.Task });
                process.WaitForExit();
                ended.SetResult(process.ExitCode);
            }
            catch (System.ComponentModel.Win32Exception exception)
            {
                started.SetException(new HostException(ExitCodes.Worker, $"cannot start {Launcher} (of util-linux), which starts the worker: {exception.Message}"));
            }
        })
        { IsBackground = true, Name = "worker" }.Start();
        return await started.Task;
    }

    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has just ended by itself.
        }
    }

    private static ProcessStartInfo StartInfo(FunctionApp app, Uri rpc, string workerId)
    {
        var start = new ProcessStartInfo(Launcher) { WorkingDirectory = app.Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
        [
            "--pdeathsig", "KILL", app.Executable, Path.Combine(app.Folder, app.WorkerFile),
            "--host", rpc.Host, "--port", rpc.Port.ToString(CultureInfo.InvariantCulture), "--workerId", workerId, "--requestId", workerId,
            "--grpcMaxMessageLength", s_largestMessage,
            "--functions-uri", rpc.ToString(), "--functions-worker-id", workerId, "--functions-request-id", workerId,
            "--functions-grpc-max-message-length", s_largestMessage,
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in app.LocalSettings)
        {
            start.Environment[name] = value;
        }

        // The address in it is this host's.
        start.Environment.Remove("ASPNETCORE_URLS");
        start.Environment["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated";
        start.Environment["FUNCTIONS_WORKER_DIRECTORY"] = app.Folder;
        start.Environment["FUNCTIONS_APPLICATION_DIRECTORY"] = app.Folder;
        return start;
    }

    private void Write(LogLevel level, string? line)
    {
        if (!string.IsNullOrEmpty(line))
        {
            LogLine(level, line);
        }
    }

    [LoggerMessage(EventId = EventIds.WorkerConsole, Message = "{Line}")]
    private partial void LogLine(LogLevel level, string line);
}
