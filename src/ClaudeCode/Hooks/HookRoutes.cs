using System.Collections.Concurrent;

namespace FunctionsBroker.ClaudeCode.Hooks;

/// <summary>Leads the hooks that arrive at the host to the process that they are of.</summary>
/// <remarks>
/// Every process has a secret of its own, so that neither another session's process nor another user of the machine can
/// end its turns. Safe for concurrent use.
/// </remarks>
public sealed class HookRoutes
{
    private readonly ConcurrentDictionary<string, HookRoute> _routes = new(StringComparer.Ordinal);

    /// <summary>Opens a route.</summary>
    /// <param name="names">What stands for it in an address: the session's route, and its id where an operator has written that into a configuration. A later route takes a name over.</param>
    /// <param name="listener">Is given each event. The sender waits for it, and with the sender the CLI.</param>
    public HookRoute Open(IReadOnlyList<string> names, Func<HookEvent, CancellationToken, Task<HookAnswer>> listener)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(listener);

        var route = new HookRoute(names, listener, Close);
        foreach (var name in names)
        {
            _routes[name] = route;
        }

        return route;
    }

    /// <summary>Hands an event to its process.</summary>
    /// <param name="name">The route's name, as the address has it.</param>
    /// <param name="secret">What the caller shows.</param>
    /// <param name="eventName">As the address has it.</param>
    public async Task<HookDelivery> DeliverAsync(string name, string? secret, string eventName, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (!_routes.TryGetValue(name, out var route) || !route.Opens(secret))
        {
            return new HookDelivery.Refused();
        }

        return HookEventReader.Read(eventName, body) is { } told
            ? new HookDelivery.Accepted(await route.Listener(told, cancellationToken))
            : new HookDelivery.Unreadable();
    }

    private void Close(HookRoute route)
    {
        foreach (var name in route.Names)
        {
            _routes.TryRemove(KeyValuePair.Create(name, route));
        }
    }
}

/// <summary>What became of a hook's call.</summary>
public abstract record HookDelivery
{
    private HookDelivery()
    {
    }

    public sealed record Accepted(HookAnswer Answer) : HookDelivery;

    /// <summary>There is no such route, or the caller does not have its secret: it is not told which.</summary>
    public sealed record Refused : HookDelivery;

    /// <summary>The body is not what the CLI sends.</summary>
    public sealed record Unreadable : HookDelivery;
}
