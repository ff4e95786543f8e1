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
    [InlineData("""{"turnId":"a ","sessionId":"s","prompt":"hi"}""", false)]
    [InlineData("""{"turnId":"a%2Fb","sessionId":"s","prompt":"hi"}""", false)]
    [InlineData("""{"turnId":"<a/b@c>","sessionId":"19:x;messageid=1 ä","prompt":"hi"}""", true)]
    [InlineData("""{"turnId":"t","sessionId":"s","prompt":" "}""", false)]
    [InlineData("""{"turnId":42,"sessionId":-100123,"prompt":"hi"}""", true)]
    [InlineData("""{"turnId":"t","sessionId":"..","prompt":"hi"}""", false)]
    [InlineData("""{"turnId":"t","sessionId":"s","command":"clear"}""", true)]
    [InlineData("""{"turnId":"t","sessionId":"s","command":"wipe"}""", false)]
    [InlineData("""{"turnId":"t","sessionId":"s"}""", false)]
    public void TurnMessageSchema_TellsWhatIsAMessage(string message, bool expected)
    {
        var schema = Schema("turn-message");

        var faults = new JsonSchema(schema).Check(JsonElement.Parse(message), schema);

        Assert.True(faults.Count == 0 == expected, string.Join("; ", faults));
    }

    [Fact]
    public void Ids_ThatAreWholeNumbers_CountAsTheirDigits()
    {
        var message = JsonSerializer.Deserialize("""{"turnId":12345678901234567890,"sessionId":-100123,"prompt":"hi"}""", ContractsJsonContext.Default.TurnMessage)!;

        Assert.Equal(("12345678901234567890", "-100123"), (message.TurnId, message.SessionId));
        Assert.Equal("7", JsonSerializer.Deserialize("""{"session_id":7}""", ContractsJsonContext.Default.InjectRequest)!.SessionId);
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("1e3")]
    [InlineData("true")]
    [InlineData("{}")]
    public void Ids_OfOtherShapes_AreRefused(string id)
    {
        Assert.ThrowsAny<JsonException>(() => JsonSerializer.Deserialize($$"""{"turnId":{{id}}}""", ContractsJsonContext.Default.TurnMessage));
    }

    private static IEnumerable<string> MembersOf(JsonTypeInfo type) => type.Properties.Select(property => property.Name).Order();

    private static IEnumerable<string> MembersOf(string name) =>
        Schema(name).GetProperty("properties").EnumerateObject().Select(property => property.Name).Order();

    private static JsonElement Schema(string name) =>
        JsonElement.Parse(File.ReadAllText(RepositoryRoot.Combine("schemas", $"{name}.schema.json")));
}
