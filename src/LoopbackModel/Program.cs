using FunctionsBroker.LoopbackModel;

var options = new LoopbackModelOptions();
if (args is ["--urls", var url])
{
    options = options with { Url = url };
}
else if (args.Length > 0)
{
    await Console.Error.WriteLineAsync("usage: FunctionsBroker.LoopbackModel [--urls http://127.0.0.1:PORT]");
    return 2;
}

await using var model = await LoopbackModelServer.StartAsync(options, CancellationToken.None);
Console.WriteLine($"loopback model at {model.BaseUrl}");
await model.WaitForShutdownAsync(CancellationToken.None);
return 0;
