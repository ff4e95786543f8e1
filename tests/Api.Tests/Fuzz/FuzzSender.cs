using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using FunctionsBroker.Api.Tests.OpenApi;
using FunctionsBroker.Contracts.Endpoints;

namespace FunctionsBroker.Api.Tests.Fuzz;

/// <summary>Sends requests and looks at their answers.</summary>
internal sealed class FuzzSender(EndpointsFile endpoints, HttpClient http, ApiDocument document, FuzzOutcome outcome)
{
    public async Task SendAsync(FuzzCall call, CancellationToken cancellationToken)
    {
        try
        {
            using var request = RequestOf(call);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
            var status = (int)response.StatusCode;
            outcome.Count(status);
            if (status == 500)
            {
                outcome.Fault($"{call}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
            }

            if (response is { StatusCode: HttpStatusCode.BadRequest, Content.Headers.ContentLength: 0 } && call.Path.Contains("%00", StringComparison.Ordinal))
            {
                // No HTTP to the web server, which answers before anything of the program sees it.
                return;
            }

            if (!call.IsRewritten && document.Describes(response))
            {
                await document.CheckAsync(response, cancellationToken);
            }
            else if (status < 400 && !call.IsRewritten && call.Path != "/")
            {
                outcome.Fault($"{call}: {status} of a call that is not documented");
            }

            await NoteTurnAsync(response, cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or Xunit.Sdk.XunitException or JsonException)
        {
            outcome.Fault($"{call}: {exception.Message}");
        }
    }

    private HttpRequestMessage RequestOf(FuzzCall call)
    {
        // As it is: Uri would put right what a caller without one may send.
        var options = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        var request = new HttpRequestMessage(new HttpMethod(call.Method), new Uri($"{endpoints.Front.Url.GetLeftPart(UriPartial.Authority)}{call.Path}", options));
        request.Headers.Add("x-functions-key", call.Path.StartsWith("/v1", StringComparison.Ordinal) ? endpoints.Front.OpenAiKey : endpoints.Front.Key);
        if (call.Body is not null)
        {
            request.Content = new ByteArrayContent(call.Body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        }

        foreach (var (name, value) in call.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    private async Task NoteTurnAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Headers.TryGetValues("x-turn-id", out var turn) && response.Headers.TryGetValues("x-session-id", out var session))
        {
            outcome.Accept(session.Single(), turn.Single());
        }
        else if (response is { IsSuccessStatusCode: true, RequestMessage.Method.Method: "POST", Content.Headers.ContentType.MediaType: "application/json" })
        {
            var answer = JsonElement.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
            outcome.Accept(answer.GetProperty("sessionId").GetString()!, answer.GetProperty("turnId").GetString()!);
        }
    }
}
