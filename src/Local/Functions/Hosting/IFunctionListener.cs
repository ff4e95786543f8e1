namespace FunctionsBroker.Local.Functions.Hosting;

/// <summary>Watches for what triggers a function.</summary>
internal interface IFunctionListener : IDisposable
{
    /// <summary>Begins to watch; returns at once, whether or not storage can be reached.</summary>
    void Start();

    /// <summary>Takes nothing new from now on; what runs goes on.</summary>
    void StopIntake();

    /// <summary>Completes when everything that was taken is done with. Call after <see cref="StopIntake"/>.</summary>
    Task DrainAsync();

    /// <summary>Cancels what still runs.</summary>
    void CancelRunning();
}
