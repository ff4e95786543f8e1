using FunctionsBroker.Contracts.Hosts;

namespace FunctionsBroker.Contracts.Tests;

public sealed class KeySetTests
{
    [Theory]
    [InlineData("first", true)]
    [InlineData("second", true)]
    [InlineData("First", false)]
    [InlineData("first ", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Matches_AnyOfItsKeys(string? shown, bool taken) =>
        Assert.Equal(taken, new KeySet(["first", "second"]).Matches(shown));

    [Theory]
    [InlineData("first")]
    [InlineData("")]
    [InlineData(null)]
    public void WithoutAKey_NothingMatches(string? shown) => Assert.False(new KeySet([]).Matches(shown));
}
