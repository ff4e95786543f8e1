using System.Text;
using FunctionsBroker.Contracts.Queues;

namespace FunctionsBroker.Contracts.Tests.Queues;

public sealed class MessageTextTests
{
    [Theory]
    [InlineData("""{"turnId":"t"}""")]
    [InlineData("grüße ✓")]
    [InlineData("garbage")]
    [InlineData("")]
    public void Decode_PlainText_IsKept(string text)
    {
        Assert.Equal(text, MessageText.Decode(Encoding.UTF8.GetBytes(text)));
    }

    [Theory]
    [InlineData("""{"turnId":"t"}""")]
    [InlineData("grüße ✓")]
    public void Decode_Base64_IsDecoded(string text)
    {
        Assert.Equal(text, MessageText.Decode(Encoding.UTF8.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(text)))));
    }

    [Fact]
    public void Decode_Base64OfNoText_IsShownAsItCame()
    {
        var raw = Convert.ToBase64String([0xff, 0xfe, 0x80]);

        Assert.Equal(raw, MessageText.Decode(Encoding.UTF8.GetBytes(raw)));
    }

    [Fact]
    public void Decode_BytesThatAreNoUtf8_DoNotThrow()
    {
        Assert.NotEmpty(MessageText.Decode([0x7b, 0xff, 0x7d]));
    }
}
