using FunctionsBroker.SessionHost.Turns;

namespace FunctionsBroker.SessionHost.Tests.Turns;

public sealed class LoopbackAddressTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8080", "http://127.0.0.1:8080/")]
    [InlineData("http://localhost:8080", "http://localhost:8080/")]
    [InlineData("http://+:8080", "http://127.0.0.1:8080/")]
    [InlineData("http://*:8080", "http://127.0.0.1:8080/")]
    [InlineData("http://0.0.0.0:8080", "http://127.0.0.1:8080/")]
    [InlineData("http://[::]:8080", "http://127.0.0.1:8080/")]
    [InlineData("http://[::1]:8080", "http://[::1]:8080/")]
    [InlineData("http://10.0.0.7:8080", null)]
    [InlineData("https://127.0.0.1:8443", null)]
    public void Of_AddressOfTheServer_IsWhereItIsReachedFromThisMachine(string address, string? expected) =>
        Assert.Equal(expected, LoopbackAddress.Of(address)?.ToString());
}
