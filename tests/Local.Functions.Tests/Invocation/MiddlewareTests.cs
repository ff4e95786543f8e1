using System.Net;
using FunctionsBroker.Local.Functions.Tests.Harness;
using FunctionsBroker.TestKit;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Functions.Tests.Invocation;

public sealed class MiddlewareTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Middleware_InOrderOfRegistration_WrapsTheFunction()
    {
        await using var app = await StartAsync(builder => builder
            .UseMiddleware(Noting("outer"))
            .UseWhen(context => context.FunctionDefinition.Name == "Other", Noting("skipped"))
            .UseMiddleware(Noting("inner")));

        Assert.Equal("7 True set by inner", await app.Client.GetStringAsync("/api/observed/7", Cancellation));
        Assert.Equal(
            ["outer before", "inner before", "function", "disposed", "inner after", "outer after"],
            app.Services.GetRequiredService<Signals>().Notes);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Middleware_ThatMapsAnException_SetsTheResponseAndNothingIsLogged()
    {
        await using var app = await StartAsync(builder => builder.UseMiddleware<ProblemMiddleware>());

        using var answer = await app.Client.GetAsync("/api/Failing", Cancellation);

        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.DoesNotContain(app.Logs.Lines, line => line.Level >= LogLevel.Error);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Context_OfAnInvocation_DescribesItsFunction()
    {
        FunctionContext? seen = null;
        await using var app = await StartAsync(builder => builder.UseMiddleware(async (context, next) =>
        {
            context.Items["note"] = "n";
            await next();
            seen = context;
            context.Features.Set(new ScopedPart());
            Assert.NotNull(context.Features.Get<ScopedPart>());
            Assert.Equal("7", context.BindingContext.BindingData["ID"]);
            Assert.Equal("q", context.BindingContext.BindingData["extra"]);
            Assert.NotNull(context.GetHttpContext());
            Assert.NotNull(context.GetLogger<ScopedPart>());
        }));

        using var answer = await app.Client.GetAsync("/api/observed/7?extra=q", Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.NotNull(seen);
        Assert.NotEmpty(seen.InvocationId);
        var definition = seen.FunctionDefinition;
        Assert.Equal(seen.FunctionId, definition.Id);
        Assert.Equal("Observed", definition.Name);
        Assert.Equal($"{typeof(ObservedFunctions)}.Observed", definition.EntryPoint);
        Assert.Equal(typeof(ObservedFunctions).Assembly.Location, definition.PathToAssembly);
        Assert.Equal(["request", "id", "context"], definition.Parameters.Select(parameter => parameter.Name));
        Assert.Equal(["request:httpTrigger"], definition.InputBindings.Values.Select(binding => $"{binding.Name}:{binding.Type}"));
        Assert.Equal(["$return:http"], definition.OutputBindings.Values.Select(binding => $"{binding.Name}:{binding.Type}"));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Use_AfterBuild_IsRefused()
    {
        FunctionsApplicationBuilder? built = null;
        await using var app = await StartAsync(builder => built = builder);

        Assert.Throws<InvalidOperationException>(() => built!.Use(next => next));
        Assert.Throws<InvalidOperationException>(() => built!.Build());
    }

    private static Func<FunctionContext, Func<Task>, Task> Noting(string name) => async (context, next) =>
    {
        var signals = context.InstanceServices.GetRequiredService<Signals>();
        context.Items["note"] = $"set by {name}";
        signals.Note($"{name} before");
        await next();
        signals.Note($"{name} after");
    };

    private static Task<TestApp> StartAsync(Action<FunctionsApplicationBuilder> configure) => TestApp.StartAsync(
        [typeof(ObservedFunctions)],
        builder =>
        {
            builder.Services.AddSingleton<Signals>();
            builder.Services.AddScoped<ScopedPart>();
            configure(builder);
        });
}
