using System.ComponentModel.DataAnnotations;
using Azure.Data.Tables;
using FunctionsBroker.Local.Durable.Clients;
using FunctionsBroker.Local.Durable.Engine;
using FunctionsBroker.Local.Durable.Ownership;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Durable;

/// <summary>A durable task engine with its task hub in Table storage.</summary>
/// <remarks>
/// A hub is run by one process at a time. Its state is a log of changes and, behind that, a row per instance; see the
/// project's notes on the durable engine.
/// </remarks>
public sealed partial class TaskHub : IAsyncDisposable
{
    private static readonly TimeSpan s_pauseBeforeRetry = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly EngineServices _services;
    private readonly HubOwner _owner;
    private readonly ILogger _logger;
    private volatile TaskCompletionSource<HubTerm> _term = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _supervision = Task.CompletedTask;
    private int _stopped;
    private int _disposed;

    /// <exception cref="ValidationException">An option is out of its range.</exception>
    public TaskHub(
        TableServiceClient tables, TaskHubOptions options, DurableTaskRegistry registry, ILoggerFactory loggers, TimeProvider time)
        : this(tables, options, registry, loggers, time, OwnerIdentity.Current)
    {
    }

    internal TaskHub(
        TableServiceClient tables,
        TaskHubOptions options,
        DurableTaskRegistry registry,
        ILoggerFactory loggers,
        TimeProvider time,
        OwnerIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(tables);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(loggers);
        ArgumentNullException.ThrowIfNull(time);
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        _services = new EngineServices(tables.GetTableClient(options.HubName + "Durable"), options, registry, loggers, time);
        _owner = new HubOwner(Guid.NewGuid().ToString("N"), identity);
        _logger = loggers.CreateLogger<TaskHub>();
        Client = new TaskHubClient(options.HubName, registry, EngineAsync, time);
    }

    /// <summary>Starts orchestrations and talks to them and to entities. Its calls wait while the hub is not owned.</summary>
    public DurableTaskClient Client { get; }

    /// <summary>
    /// Takes the hub over and resumes what was running in it. At once, if its last owner gave it up or is a process of
    /// this machine that has ended; else when the owner's claim has run out.
    /// </summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        HubTerm term = await HubTerm.BeginAsync(_services, _owner, cancellationToken);
        LogOwned(_services.Options.HubName);
        _term.SetResult(term);
        _supervision = Task.Run(() => SuperviseAsync(term), CancellationToken.None);
    }

    /// <summary>
    /// Lets what runs finish and gives the hub up. Running activities are told by their token; those that end by heeding
    /// it run again when the hub is started next.
    /// </summary>
    /// <param name="cancellationToken">Ends the waiting. Nothing is lost thereby, the next start only takes longer.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _stopped, 1) != 0)
        {
            return;
        }

        await _stopping.CancelAsync();
        await _supervision;
        if (_term.Task is { IsCompletedSuccessfully: true } current)
        {
            await (await current).StopAsync(cancellationToken);
        }
    }

    /// <summary>Ends everything at once, as if the process were killed, unless <see cref="StopAsync"/> was called before.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _stopping.CancelAsync();
        await _supervision;
        if (_term.Task is { IsCompletedSuccessfully: true } current)
        {
            await (await current).DisposeAsync();
        }

        _stopping.Dispose();
    }

    private async Task<HubEngine> EngineAsync(CancellationToken cancellationToken) =>
        (await _term.Task.WaitAsync(cancellationToken)).Engine;

    // Claims the hub again whenever it was lost to another process.
    private async Task SuperviseAsync(HubTerm term)
    {
        try
        {
            while (true)
            {
                await EndAsync(term);
                _stopping.Token.ThrowIfCancellationRequested();
                _term = new TaskCompletionSource<HubTerm>(TaskCreationOptions.RunContinuationsAsynchronously);
                await term.GiveUpAsync(_stopping.Token);
                term = await BeginAgainAsync();
                _term.SetResult(term);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Stopped or disposed, which see to the present term.
        }
    }

    // Ends when the term has been lost or the hub is to stop.
    private async Task EndAsync(HubTerm term)
    {
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration lost = term.Lost.UnsafeRegister(_ => ended.TrySetResult(), null);
        using CancellationTokenRegistration stopped = _stopping.Token.UnsafeRegister(_ => ended.TrySetResult(), null);
        await ended.Task;
    }

    private async Task<HubTerm> BeginAgainAsync()
    {
        while (true)
        {
            try
            {
                HubTerm term = await HubTerm.BeginAsync(_services, _owner, _stopping.Token);
                LogOwned(_services.Options.HubName);
                return term;
            }
            catch (Exception exception) when (!_stopping.IsCancellationRequested)
            {
                LogCannotBegin(exception);
                await Task.Delay(s_pauseBeforeRetry, _services.Time, _stopping.Token);
            }
        }
    }

    [LoggerMessage(80, LogLevel.Information, "This process now owns the task hub {HubName}.")]
    private partial void LogOwned(string hubName);

    [LoggerMessage(81, LogLevel.Error, "The task hub cannot be taken over again now; that is tried until it can.")]
    private partial void LogCannotBegin(Exception exception);
}
