using FunctionsBroker.Local.Durable.Instances;

namespace FunctionsBroker.Local.Durable.Tests.Instances;

public sealed class InstanceKeyTests
{
    [Theory]
    [InlineData("plain-id.1_2:3")]
    [InlineData("@counter@Key")]
    [InlineData("a/b\\c#d?e%f")]
    [InlineData("tilde~and'quote\"")]
    [InlineData("tab\tand\u0001control\u0085")]
    [InlineData("ünïcödé 会話 🙂")]
    [InlineData("~~hub")]
    public void Encode_ThenDecode_GivesTheId(string id) => Assert.Equal(id, InstanceKey.Decode(InstanceKey.Encode(id)));

    [Theory]
    [InlineData("a/b")]
    [InlineData("~~hub")]
    [InlineData("会話")]
    public void Encode_LeavesNothingThatAKeyMayNotHold(string id) =>
        Assert.Matches("^[A-Za-z0-9._@:~-]+$", InstanceKey.Encode(id));

    [Fact]
    public void Encode_OfAnyId_IsNeverAReservedPartition() =>
        Assert.DoesNotContain(InstanceKey.ReservedPrefix, InstanceKey.Encode("~~~~"), StringComparison.Ordinal);

    [Fact]
    public void Encode_OfAPrefix_IsAPrefix() =>
        Assert.StartsWith(InstanceKey.Encode("a/会"), InstanceKey.Encode("a/会話~"), StringComparison.Ordinal);

    [Fact]
    public void ThrowIfUnusable_OfTooLongAnId_SaysSo()
    {
        InstanceKey.ThrowIfUnusable(new string('a', 512));

        Assert.Throws<ArgumentException>(() => InstanceKey.ThrowIfUnusable(new string('a', 513)));
        Assert.Throws<ArgumentException>(() => InstanceKey.ThrowIfUnusable(new string('/', 103)));
        Assert.Throws<ArgumentException>(() => InstanceKey.ThrowIfUnusable(""));
    }
}
