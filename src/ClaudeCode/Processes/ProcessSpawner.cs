using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace FunctionsBroker.ClaudeCode.Processes;

/// <summary>Starts every child process from one thread that lives as long as this process.</summary>
/// <remarks>
/// Linux binds "die with your parent" to the thread that forked: a child that was started from a thread of the pool
/// would be killed when the pool gives that thread up.
/// </remarks>
internal static class ProcessSpawner
{
    private static readonly BlockingCollection<Action> s_starts = [];

    static ProcessSpawner() => new Thread(Run) { IsBackground = true, Name = nameof(ProcessSpawner) }.Start();

    /// <exception cref="System.ComponentModel.Win32Exception">The working folder or the program is missing.</exception>
    public static Process Start(ProcessStartInfo start)
    {
        Process? process = null;
        ExceptionDispatchInfo? fault = null;
        using var done = new ManualResetEventSlim();
        s_starts.Add(() =>
        {
            try
            {
                process = Process.Start(start);
            }
            catch (Exception exception)
            {
                fault = ExceptionDispatchInfo.Capture(exception);
            }
            finally
            {
                done.Set();
            }
        });
        done.Wait();
        fault?.Throw();
        return process ?? throw new InvalidOperationException("A new process was not started.");
    }

    private static void Run()
    {
        foreach (var start in s_starts.GetConsumingEnumerable())
        {
            start();
        }
    }
}
