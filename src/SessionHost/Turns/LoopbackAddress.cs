using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace FunctionsBroker.SessionHost.Turns;

/// <summary>Where processes on this machine reach the host.</summary>
internal sealed class LoopbackAddress(IServer server, IHostApplicationLifetime lifetime)
{
    private static readonly string[] s_any = ["+", "*", "0.0.0.0", "[::]"];

    /// <summary>Waits until the host listens: sessions may be woken before that.</summary>
    /// <returns>Null where it does not listen on the loopback interface, or only over https.</returns>
    public async Task<Uri?> FindAsync(CancellationToken cancellationToken)
    {
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.UnsafeRegister(_ => listening.TrySetResult(), null);
        await listening.Task.WaitAsync(cancellationToken);
        return server.Features.Get<IServerAddressesFeature>()?.Addresses.Select(Of).FirstOrDefault(address => address is not null);
    }

    /// <param name="address">As the server has it.</param>
    internal static Uri? Of(string address)
    {
        var parsed = BindingAddress.Parse(address);
        var host = s_any.Contains(parsed.Host, StringComparer.Ordinal) ? "127.0.0.1" : parsed.Host;
        var uri = new UriBuilder(parsed.Scheme, host, parsed.Port).Uri;
        return uri is { Scheme: "http", IsLoopback: true } ? uri : null;
    }
}
