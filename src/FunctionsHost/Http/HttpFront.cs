using System.Net;
using System.Threading.RateLimiting;
using FunctionsBroker.FunctionsHost.App;
using FunctionsBroker.FunctionsHost.Jobs;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace FunctionsBroker.FunctionsHost.Http;

/// <summary>The servers of the host: one for the world, one for the worker.</summary>
internal static class HttpFront
{
    // The real host's own limit (learn.microsoft.com, "Azure Functions HTTP trigger", Limits).
    private const long LargestBody = 104_857_600;

    /// <summary>The server of the app's HTTP functions and of the host's own calls.</summary>
    public static WebApplication Build(Uri address, ILoggerFactory loggers, Action<IServiceCollection> configure)
    {
        var server = CreateServer(address, HttpProtocols.Http1, loggers, services =>
        {
            services.AddHttpForwarder();
            configure(services);
        });
        var app = server.Services.GetRequiredService<FunctionApp>();
        server.Use(HideRouting);
        if (CreateLimiter(app.Host) is { } limiter)
        {
            server.Use((context, next) => LimitAsync(limiter, context, next));
        }

        foreach (var header in app.Host.GetSection("extensions:http:customHeaders").GetChildren().Where(header => header.Value is not null))
        {
            server.Use((context, next) =>
            {
                context.Response.Headers[header.Key] = header.Value;
                return next(context);
            });
        }

        server.UseRouting();
        server.Services.GetRequiredService<HttpFunctions>().Map(server);
        server.Services.GetRequiredService<HostEndpoints>().Map(server);
        return server;
    }

    /// <summary>A server by itself, because it stops last: its one request, the worker's stream, lasts as long as the worker.</summary>
    public static WebApplication BuildRpc(ILoggerFactory loggers, Worker.WorkerSupervisor workers)
    {
        var server = CreateServer(new Uri("http://127.0.0.1:0"), HttpProtocols.Http2, loggers, services =>
        {
            services.AddSingleton(workers);
            services.AddGrpc(options => (options.MaxReceiveMessageSize, options.MaxSendMessageSize) = (null, null));
        });
        server.UseRouting();
        server.MapGrpcService<Worker.WorkerService>();
        return server;
    }

    /// <exception cref="HostException">The address is in use, or not one of this machine.</exception>
    public static async Task StartAsync(WebApplication server, CancellationToken cancellationToken)
    {
        try
        {
            await server.StartAsync(cancellationToken);
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            throw new HostException(ExitCodes.Address, $"{exception.Message} Stop what listens there, or give another address with --urls.");
        }
        catch (System.Net.Sockets.SocketException exception)
        {
            throw new HostException(ExitCodes.Address, $"cannot listen there: {exception.Message}");
        }
    }

    private static WebApplication CreateServer(Uri address, HttpProtocols protocols, ILoggerFactory loggers, Action<IServiceCollection> configure)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            void Configure(ListenOptions listen) => listen.Protocols = protocols;
            if (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip))
            {
                kestrel.Listen(ip, address.Port, Configure);
            }
            else if (address.Host == "localhost" && address.Port != 0)
            {
                kestrel.ListenLocalhost(address.Port, Configure);
            }
            else
            {
                kestrel.ListenAnyIP(address.Port, Configure);
            }
        });
        builder.Services.AddSingleton<ILoggerFactory>(new SharedLoggerFactory(loggers));
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, InnerLifetime>();
        configure(builder.Services);
        return builder.Build();
    }

    /// <summary>A wrong method on a known route is not found, as is an unknown route; neither has a body.</summary>
    private static async Task HideRouting(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.Response is { StatusCode: StatusCodes.Status405MethodNotAllowed, HasStarted: false } && context.GetEndpoint() is not RouteEndpoint)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            context.Response.Headers.Allow = default;
        }
    }

    /// <summary><c>maxConcurrentRequests</c> and <c>maxOutstandingRequests</c> of host.json; null where neither is set.</summary>
    private static ConcurrencyLimiter? CreateLimiter(IConfiguration host)
    {
        int? Setting(string name) => int.TryParse(host[$"extensions:http:{name}"], out var value) && value > 0 ? value : null;
        var (concurrent, outstanding) = (Setting("maxConcurrentRequests"), Setting("maxOutstandingRequests"));
        if (concurrent is null && outstanding is null)
        {
            return null;
        }

        var permits = concurrent ?? outstanding!.Value;
        return new ConcurrencyLimiter(new ConcurrencyLimiterOptions
        {
            PermitLimit = permits,
            QueueLimit = outstanding is null ? int.MaxValue : Math.Max(0, outstanding.Value - permits),
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });
    }

    private static async Task LimitAsync(ConcurrencyLimiter limiter, HttpContext context, RequestDelegate next)
    {
        using var lease = await limiter.AcquireAsync(cancellationToken: context.RequestAborted);
        if (lease.IsAcquired)
        {
            await next(context);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
    }
}
