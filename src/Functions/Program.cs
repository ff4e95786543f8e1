using FunctionsBroker.Functions.Callers;
using FunctionsBroker.Functions.Configuration;
using FunctionsBroker.Functions.Http;
using FunctionsBroker.Functions.OpenAi;
using FunctionsBroker.Storage;
using FunctionsBroker.Telemetry;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.UseMiddleware<OriginMiddleware>();
builder.UseMiddleware<ProblemMiddleware>();
builder.UseMiddleware<CallerMiddleware>();

// The queues first: their creation waits for storage that is away, and the tables are then created at the first try.
builder.Services.AddBrokerQueues();
builder.Services.AddBrokerStorage(builder.Configuration);
builder.Services.AddFront(builder.Configuration);
builder.Services.AddBrokerTelemetry(builder.Configuration, "front");
builder.Build().Run();
