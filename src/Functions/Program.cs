using FunctionsBroker.Functions.Configuration;
using FunctionsBroker.Functions.Http;
using FunctionsBroker.Storage;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.UseMiddleware<ProblemMiddleware>();
builder.Services.AddBrokerStorage(builder.Configuration);
builder.Services.AddFront(builder.Configuration);
builder.Build().Run();
