using FunctionsBroker.FunctionsApp;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// A functions app in a process of its own, to be stopped and killed by tests. It ends with the test that started it:
// the end of its standard input tells.
_ = Task.Run(static () =>
{
    while (Console.In.Read() >= 0)
    {
    }

    Environment.Exit(0);
});

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.AddSingleton<Gate>();
builder.Build().Run();
