using System.Reflection;
using System.Text.Json;
using FunctionsBroker.Functions.OpenAi;
using FunctionsBroker.Functions.OpenApi;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsBroker.Api.Tests.OpenApi;

public sealed class OpenApiTests(ApiFixture fixture) : ApiTest(fixture)
{
    private const string Hosts = "POST /api/callbacks/turns";

    [Fact(Timeout = LongTest)]
    public async Task The_document_lists_exactly_the_calls_of_the_front()
    {
        var document = await ApiDocument.LoadAsync(Fixture.Http, Cancellation);
        var calls =
            from type in typeof(OpenApiFunction).Assembly.GetTypes()
            from method in type.GetMethods()
            from parameter in method.GetParameters()
            let trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()
            where trigger is not null && trigger.Route != OpenAiFunction.Route
            from verb in trigger.Methods!
            select $"{verb.ToUpperInvariant()} /{trigger.Route}";

        // What hosts call is no part of the API.
        Assert.Equal(calls.Where(call => call != Hosts).Concat(OpenAiFunction.Calls).Order(), document.Calls.Order());
    }

    [Fact(Timeout = LongTest)]
    public async Task Real_answers_are_as_the_document_says()
    {
        var document = await ApiDocument.LoadAsync(Fixture.Http, Cancellation);
        var seen = new HashSet<string>();
        await foreach (var answer in new SampleCalls(SendAsync).MakeAsync())
        {
            using (answer)
            {
                seen.Add(await document.CheckAsync(answer, Cancellation));
            }
        }

        // Each success is seen, and of each call one failure; the open calls do not fail.
        Assert.Empty(document.Successes.Except(seen).Except([SampleCalls.TooSlow]));
        Assert.All(
            document.Calls.Except(SampleCalls.CannotFail),
            call => Assert.Contains(seen, answer => answer.StartsWith($"{call} 4", StringComparison.Ordinal)));
    }

    [Fact(Timeout = LongTest)]
    public async Task Every_reference_of_the_document_leads_somewhere_and_every_operation_has_an_id_of_its_own()
    {
        var text = await Fixture.Http.GetStringAsync(new Uri("/api/openapi.json", UriKind.Relative), Cancellation);
        var document = JsonElement.Parse(text);
        var schemas = new TestKit.Schemas.JsonSchema(document);

        Assert.All(Nodes(document).Where(node => node.TryGetProperty("$ref", out _)), node => schemas.Resolve(node));
        var ids = Nodes(document).Where(node => node.TryGetProperty("operationId", out _)).Select(node => node.GetProperty("operationId").GetString()).ToList();
        Assert.Equal(ids.Distinct(), ids);
    }

    private static IEnumerable<JsonElement> Nodes(JsonElement node) => node.ValueKind switch
    {
        JsonValueKind.Object => [node, .. node.EnumerateObject().SelectMany(member => Nodes(member.Value))],
        JsonValueKind.Array => node.EnumerateArray().SelectMany(Nodes),
        _ => [],
    };
}
