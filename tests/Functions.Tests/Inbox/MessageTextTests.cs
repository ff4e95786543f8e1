using System.Text;
using FunctionsBroker.Functions.Inbox;

namespace FunctionsBroker.Functions.Tests.Inbox;

public sealed class MessageTextTests
{
    [Theory]
    [InlineData("""{"turnId":"t"}""")]
    [InlineData("grüße ✓")]
    [InlineData("garbage")]
    [InlineData("")]
    public void Decode_PlainText_IsKept(string text)
    {
        Assert.Equal(text, MessageText.Decode(BinaryData.FromString(text)));
    }

    [Theory]
    [InlineData("""{"turnId":"t"}""")]
    [InlineData("grüße ✓")]
    public void Decode_Base64_IsDecoded(string text)
    {
        Assert.Equal(text, MessageText.Decode(BinaryData.FromString(Convert.ToBase64String(Encoding.UTF8.GetBytes(text)))));
    }

    [Fact]
    public void Decode_Base64OfNoText_IsShownAsItCame()
    {
        var raw = Convert.ToBase64String([0xff, 0xfe, 0x80]);

        Assert.Equal(raw, MessageText.Decode(BinaryData.FromString(raw)));
    }

    [Fact]
    public void Decode_BytesThatAreNoUtf8_DoNotThrow()
    {
        Assert.NotEmpty(MessageText.Decode(BinaryData.FromBytes(new byte[] { 0x7b, 0xff, 0x7d })));
    }
}
