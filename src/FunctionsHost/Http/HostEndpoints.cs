using System.Reflection;
using FunctionsBroker.FunctionsHost.App;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Microsoft.Azure.WebJobs.Host.Config;

namespace FunctionsBroker.FunctionsHost.Http;

/// <summary>The calls that the real host has beside the app's functions: the home page, <c>/admin</c> and Durable's own HTTP calls.</summary>
internal sealed class HostEndpoints(FunctionApp app, FunctionKeys keys)
{
    private IHost? _jobs;

    /// <summary>From now on there is a job host to ask.</summary>
    public void Connect(IHost jobs) => _jobs = jobs;

    public void Map(IEndpointRouteBuilder endpoints)
    {
        // learn.microsoft.com, "App settings reference": AzureWebJobsDisableHomepage. An app with a function at / comes first.
        if (!app.Functions.Any(function => function.IsHttp && app.RoutePrefix.Length == 0 && function.Trigger.Text("route") is "/"))
        {
            endpoints.MapGet("/", HomeAsync);
        }

        endpoints.MapMethods("/admin/host/ping", [HttpMethods.Get, HttpMethods.Post, HttpMethods.Head], static _ => Task.CompletedTask);
        endpoints.MapGet("/admin/host/status", context => ForAdminAsync(context, () => context.Response.WriteAsJsonAsync(new { state = _jobs is null ? "Initialized" : "Running", version = VersionText, processId = Environment.ProcessId })));
        endpoints.MapGet("/admin/functions", context => ForAdminAsync(context, () => context.Response.WriteAsJsonAsync(app.Functions.Select(Describe))));
        endpoints.MapPost("/admin/functions/{name}", context => ForAdminAsync(context, () => TriggerAsync(context)));
        endpoints.Map("/runtime/webhooks/durabletask/{**rest}", DurableAsync);
    }

    private static string VersionText => typeof(HostEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    private Task HomeAsync(HttpContext context)
    {
        if (bool.TryParse(app.Settings["AzureWebJobsDisableHomepage"], out var disabled) && disabled)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }

        context.Response.ContentType = "text/html";
        return context.Response.WriteAsync("<!DOCTYPE html><title>Functions app</title><p>Your Functions app is up and running.", context.RequestAborted);
    }

    private async Task ForAdminAsync(HttpContext context, Func<Task> answer)
    {
        var level = keys.LevelOf(context.Request, function: null);
        if (level == KeyLevel.Admin)
        {
            await answer();
            return;
        }

        context.Response.StatusCode = level == KeyLevel.None ? StatusCodes.Status401Unauthorized : StatusCodes.Status403Forbidden;
    }

    private object Describe(FunctionDefinition function) => new
    {
        name = function.Name,
        script_href = function.ScriptFile,
        language = function.Language,
        isDisabled = false,
        config = new { bindings = function.Bindings.Select(binding => binding.Json) },
    };

    /// <summary>Runs a function that is triggered by something else than HTTP: learn.microsoft.com, "Manually run a non HTTP-triggered function".</summary>
    private async Task TriggerAsync(HttpContext context)
    {
        var name = (string)context.Request.RouteValues["name"]!;
        if (_jobs is null || app.Functions.FirstOrDefault(candidate => candidate.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && !candidate.IsHttp) is not { } function)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        using var body = await System.Text.Json.JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        var input = body.RootElement.TryGetProperty("input", out var value) ? value.ToString() : "";
        // The caller hears that it has begun; how it ends is in the log.
        _ = _jobs.Services.GetRequiredService<IJobHost>().CallAsync(function.Name, new Dictionary<string, object> { [function.Trigger.Name] = input }, CancellationToken.None);
        context.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    private async Task DurableAsync(HttpContext context)
    {
        if (keys.LevelOf(context.Request, function: null) is not (KeyLevel.System or KeyLevel.Admin))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        if (_jobs?.Services.GetServices<IExtensionConfigProvider>().OfType<DurableTaskExtension>().FirstOrDefault() is not IAsyncConverter<HttpRequestMessage, HttpResponseMessage> extension)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), Microsoft.AspNetCore.Http.Extensions.UriHelper.GetEncodedUrl(context.Request));
        request.Content = new StreamContent(context.Request.Body);
        foreach (var (header, values) in context.Request.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(header, values.AsEnumerable()))
            {
                request.Content.Headers.TryAddWithoutValidation(header, values.AsEnumerable());
            }
        }

        using var answer = await extension.ConvertAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (header, values) in answer.Headers.Concat(answer.Content.Headers))
        {
            context.Response.Headers[header] = values.ToArray();
        }

        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
