using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Sessions.Tests.Identity;

public sealed class RouteIdTests
{
    [Fact]
    public void NewRouteId_IsASafeFolderName_AndNeverTheSame()
    {
        var ids = Enumerable.Range(0, 100).Select(_ => RouteId.NewRouteId()).ToList();

        Assert.Equal(100, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Matches("^[0-9a-f]{32}$", id.Value));
        Assert.All(ids, id => Assert.Equal(id, RouteId.Parse(id.Value)));
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF")]
    [InlineData("0123456789abcdef0123456789abcde/")]
    public void TryParse_AnythingElse_Refuses(string text)
    {
        Assert.False(RouteId.TryParse(text, out _));
    }
}
