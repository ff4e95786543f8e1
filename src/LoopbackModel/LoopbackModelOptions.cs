namespace FunctionsBroker.LoopbackModel;

/// <summary>How a <see cref="LoopbackModel"/> listens and what it does when a prompt does not say otherwise.</summary>
public sealed record LoopbackModelOptions
{
    /// <summary>Where to listen. Default: any free loopback port.</summary>
    public string Url { get; init; } = "http://127.0.0.1:0";

    /// <summary>Behaviour of requests whose prompt has no directive of its own, in the grammar of docs/loopback-model.md, e.g. <c>delay=50ms chunk=20</c>. Default: none.</summary>
    public string Defaults { get; init; } = "";

    /// <summary>How many received requests are kept to be asked for; older ones are forgotten. Default 1000, at least 1.</summary>
    public int RequestHistory { get; init; } = 1000;

    /// <summary>The clock behind delays, stalls and measured times.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
