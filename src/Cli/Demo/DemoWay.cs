namespace FunctionsBroker.Cli.Demo;

/// <summary>How a turn reaches the broker.</summary>
internal enum DemoWay
{
    Http,
    Queue,
}
