using System.Text.Json;
using FunctionsBroker.Conformance.App.Middleware;
using FunctionsBroker.Conformance.App.Observation;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.UseMiddleware<OuterMiddleware>();
builder.UseMiddleware<InnerMiddleware>();
builder.UseWhen<OnlyGuardedMiddleware>(static context => context.FunctionDefinition.Name == "Conditional");
builder.Services.Configure<JsonSerializerOptions>(static json => json.PropertyNamingPolicy = JsonNamingPolicy.CamelCase);
builder.Services.AddSingleton<Journal>();
builder.Services.AddScoped<ScopedMark>();
builder.Services.AddSingleton<ILoggerProvider, JournalLoggerProvider>();
builder.Build().Run();
