using FunctionsBroker.Functions.Http;
using Microsoft.AspNetCore.Http;

namespace FunctionsBroker.Functions.Tests.Http;

public sealed class WaitPreferenceTests
{
    [Theory]
    [InlineData("wait=5", 5)]
    [InlineData("Wait = 5", 5)]
    [InlineData("respond-async, wait=10", 10)]
    [InlineData("return=minimal; wait=7", 7)]
    [InlineData("wait=\"9\"", 9)]
    [InlineData("wait=1000", 230)]
    [InlineData("wait=-1", 0)]
    [InlineData("wait=soon", 0)]
    [InlineData("wait", 0)]
    [InlineData("", 0)]
    public void Read_PreferHeader_GivesSeconds(string header, int seconds)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers["Prefer"] = header;

        Assert.Equal(TimeSpan.FromSeconds(seconds), WaitPreference.Read(request));
    }

    [Fact]
    public void Read_Query_IsTakenWhereThereIsNoHeader()
    {
        var request = new DefaultHttpContext().Request;
        request.QueryString = new QueryString("?wait=12");

        Assert.Equal(TimeSpan.FromSeconds(12), WaitPreference.Read(request));
    }
}
