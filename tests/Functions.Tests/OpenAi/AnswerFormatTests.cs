using System.Text.Json;
using FunctionsBroker.Functions.OpenAi;

namespace FunctionsBroker.Functions.Tests.OpenAi;

public sealed class AnswerFormatTests
{
    private const string Schema = """{"type":"object","properties":{"n":{"type":"integer","minimum":2}},"required":["n"],"additionalProperties":false}""";

    [Theory]
    [InlineData("""{"n":3}""", """{"n":3}""")]
    [InlineData("  {\"n\":3}\n", """{"n":3}""")]
    [InlineData("```json\n{\"n\":3}\n```", """{"n":3}""")]
    public void FindFault_AnswerOfTheForm_IsThatJson(string answer, string expected)
    {
        Assert.Null(Format().FindFault(answer, out var json));
        Assert.Equal(expected, json);
    }

    [Theory]
    [InlineData("Sure! {\"n\":3}", "it is no JSON")]
    [InlineData("""{"n":1}""", "/n: ")]
    [InlineData("""{"n":"3"}""", "/n: ")]
    [InlineData("""{}""", "/: ")]
    [InlineData("""{"n":3,"m":4}""", "/m: ")]
    [InlineData("```\n```", "it is no JSON")]
    public void FindFault_OtherAnswer_SaysWhatIsWrong(string answer, string fault)
    {
        Assert.StartsWith(fault, Format().FindFault(answer, out _), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"a\":1}", true)]
    [InlineData("[1]", false)]
    public void FindFault_AnyObject_TakesObjects(string answer, bool isFine)
    {
        Assert.Equal(isFine, AnswerFormat.AnyObject.FindFault(answer, out _) is null);
    }

    private static AnswerFormat Format() => AnswerFormat.Of(JsonElement.Parse(Schema), out _)!;
}
