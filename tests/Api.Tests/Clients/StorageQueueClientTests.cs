using System.Text.Json;
using FunctionsBroker.TestKit.Running;

namespace FunctionsBroker.Api.Tests.Clients;

/// <summary>The published npm client <c>@azure/storage-queue</c>.</summary>
public sealed class StorageQueueClientTests(ApiFixture fixture) : ApiTest(fixture)
{
    [Fact(Timeout = LongTest)]
    public async Task The_storage_queue_client_sends_turns_and_takes_replies()
    {
        var replies = JsonElement.Parse(await ClientProgram.RunNodeAsync("storage-queue.mjs", new Dictionary<string, string>
        {
            ["CONNECTION_STRING"] = Endpoints.Storage.ConnectionString,
            ["SESSION"] = NewId("queue"),
        }));

        Check(replies.GetProperty("node-1"), "[1] remembered colour");
        Check(replies.GetProperty("node-2"), "[2] grün");
    }

    private static void Check(JsonElement reply, string text)
    {
        Assert.Equal(("completed", text), (reply.GetProperty("status").GetString(), reply.GetProperty("text").GetString()));
        Assert.Equal("""{"from":"node","nested":[1,null]}""", reply.GetProperty("metadata").GetRawText());
    }
}
