using FunctionsBroker.Functions.Configuration;
using FunctionsBroker.Functions.OpenAi;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.Functions.Tests.OpenAi;

public sealed class OpenAiKeysTests
{
    private const string First = "the-first-key-of-two";
    private const string Second = "the-second-key-of-two";

    [Theory]
    [InlineData("Authorization", "Bearer " + First, true)]
    [InlineData("Authorization", "bearer " + Second, true)]
    [InlineData("api-key", Second, true)]
    [InlineData("x-functions-key", First, true)]
    [InlineData("Authorization", "Bearer the-first-key-of-tw", false)]
    [InlineData("Authorization", First, false)]
    [InlineData("Authorization", "Bearer ", false)]
    [InlineData("x-other", First, false)]
    public void Allow_KeyInAHeader_TellsWhetherItIsKnown(string header, string value, bool expected)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers[header] = value;

        Assert.Equal(expected, Keys(First, Second).Allow(request));
    }

    [Fact]
    public void Allow_KeyInTheAddress_IsNotTaken()
    {
        var request = new DefaultHttpContext().Request;
        request.QueryString = new QueryString("?code=" + First);

        Assert.False(Keys(First).Allow(request));
    }

    [Fact]
    public void Allow_NoKeyIsConfigured_IsClosed()
    {
        var request = new DefaultHttpContext().Request;

        Assert.False(Keys().Allow(request));
    }

    [Theory]
    [InlineData("fifteen-letters", false)]
    [InlineData("sixteen-letters-", true)]
    public void Validate_KeyOfThisLength_TellsWhetherItIsLongEnough(string key, bool expected)
    {
        var options = new BrokerOptions { HostKey = "key-of-the-hosts-api", CallbackKey = "key-of-the-callback" };
        options.OpenAiKeys.Add(key);

        var result = new BrokerOptionsRules().Validate(null, options);

        Assert.Equal(expected, result.Succeeded);
        Assert.True(expected || result.FailureMessage!.Contains("Broker:OpenAiKeys:0", StringComparison.Ordinal));
    }

    private static OpenAiKeys Keys(params string[] keys)
    {
        var options = new BrokerOptions();
        foreach (var key in keys)
        {
            options.OpenAiKeys.Add(key);
        }

        return new OpenAiKeys(Options.Create(options));
    }
}
