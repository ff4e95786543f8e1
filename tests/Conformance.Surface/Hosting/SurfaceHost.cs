using System.Text.Json;
using Azure.Data.Tables;
using Azure.Storage.Queues;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FunctionsBroker.Conformance.Surface.Hosting;

/// <summary>How an app is put together. Compiled, not run: that it compiles in both builds is what is shown.</summary>
public static class SurfaceHost
{
    public static IHost Make(string[] args, string storage)
    {
        var builder = FunctionsApplication.CreateBuilder(args);
        builder.ConfigureFunctionsWebApplication();
        builder.UseMiddleware<SurfaceMiddleware>();
        builder.Services.AddSingleton(new TableServiceClient(storage));
        builder.Services.AddSingleton(new QueueServiceClient(storage, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 }));
        builder.Services.Configure<JsonSerializerOptions>(static json => json.PropertyNameCaseInsensitive = true);
        return builder.Build();
    }
}
