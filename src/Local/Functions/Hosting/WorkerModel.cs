namespace FunctionsBroker.Local.Functions.Hosting;

/// <summary>What an app asked for while its builder was open.</summary>
internal sealed class WorkerModel
{
    /// <summary>Whether the app uses ASP.NET Core's request and result types.</summary>
    public bool HasWeb { get; set; }
}
