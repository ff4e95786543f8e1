using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Schemas;

namespace FunctionsBroker.Contracts.Tests;

/// <summary>The schemas in <c>schemas/</c> are those of the queue messages as they are read and written.</summary>
public sealed class SchemaTests
{
    [Fact]
    public void TurnMessageSchema_HasExactlyTheMembersThatAreRead() =>
        Assert.Equal(MembersOf(ContractsJsonContext.Default.TurnMessage), MembersOf("turn-message"));

    [Fact]
    public void ReplyMessageSchema_HasExactlyTheMembersThatAreWritten() =>
        Assert.Equal(MembersOf(ContractsJsonContext.Default.ReplyMessage), MembersOf("reply-message"));

    [Theory]
    [InlineData("""{"turnId":"t","sessionId":"s","prompt":"hi","metadata":{"a":1}}""", true)]
    [InlineData("""{"specVersion":"1.3","turnId":"t","sessionId":"room:1@x","prompt":"hi"}""", true)]
    [InlineData("""{"specVersion":"2","turnId":"t","sessionId":"s","prompt":"hi"}""", false)]
    [InlineData("""{"sessionId":"s","prompt":"hi"}""", false)]
    [InlineData("""{"turnId":"a b","sessionId":"s","prompt":"hi"}""", false)]
    [InlineData("""{"turnId":"t","sessionId":"s","prompt":" "}""", false)]
    public void TurnMessageSchema_TellsWhatIsAMessage(string message, bool expected)
    {
        var schema = Schema("turn-message");

        var faults = new JsonSchema(schema).Check(JsonElement.Parse(message), schema);

        Assert.True(faults.Count == 0 == expected, string.Join("; ", faults));
    }

    private static IEnumerable<string> MembersOf(JsonTypeInfo type) => type.Properties.Select(property => property.Name).Order();

    private static IEnumerable<string> MembersOf(string name) =>
        Schema(name).GetProperty("properties").EnumerateObject().Select(property => property.Name).Order();

    private static JsonElement Schema(string name) =>
        JsonElement.Parse(File.ReadAllText(RepositoryRoot.Combine("schemas", $"{name}.schema.json")));
}
