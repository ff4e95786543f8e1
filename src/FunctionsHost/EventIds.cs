namespace FunctionsBroker.FunctionsHost;

/// <summary>The ids of this project's log events: 5000 to 5999.</summary>
internal static class EventIds
{
    public const int DurableReady = 5001;
    public const int Stopping = 5002;
    public const int StopTooLong = 5003;

    public const int WorkerReady = 5100;
    public const int WorkerEnded = 5101;
    public const int WorkerNotReady = 5102;
    public const int WorkerKilled = 5103;
    public const int WorkerConsole = 5104;
    public const int FunctionInError = 5105;

    public const int FunctionFailed = 5200;
    public const int ForwardingFailed = 5201;
}
