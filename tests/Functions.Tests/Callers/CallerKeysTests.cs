using FunctionsBroker.Functions.Callers;
using FunctionsBroker.Functions.Configuration;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.Functions.Tests.Callers;

public sealed class CallerKeysTests
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
    public void FindOpenAi_KeyInAHeader_TellsWhetherItIsKnown(string header, string value, bool expected)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers[header] = value;

        Assert.Equal(expected, OpenAi(First, Second).FindOpenAi(request) == Caller.Operator);
    }

    [Fact]
    public void FindOpenAi_KeyInTheAddress_IsNotTaken()
    {
        var request = new DefaultHttpContext().Request;
        request.QueryString = new QueryString("?code=" + First);

        Assert.Null(OpenAi(First).FindOpenAi(request));
    }

    [Fact]
    public void FindOpenAi_NoKeyIsConfigured_IsClosed()
    {
        var request = new DefaultHttpContext().Request;

        Assert.Null(OpenAi().FindOpenAi(request));
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

    [Theory]
    [InlineData("x-functions-key", First, "", "acme")]
    [InlineData("x-functions-key", Second, "?code=" + First, "ops")]
    [InlineData("x-other", "", "?code=" + Second, "ops")]
    [InlineData("x-functions-key", "a-key-that-only-the-host-knows", "", null)]
    [InlineData("x-other", "", "", null)]
    public void Find_CallersAreToldApart_ByTheKeyThatTheHostHasSeen(string header, string value, string query, string? expected)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers[header] = value;
        request.QueryString = new QueryString(query);

        Assert.Equal(expected, Callers().Find(request)?.Name);
    }

    [Fact]
    public void Find_NoCallersAreToldApart_EveryKeyIsAnOperators()
    {
        Assert.Equal(Caller.Operator, OpenAi(First).Find(new DefaultHttpContext().Request));
    }

    [Theory]
    [InlineData("the-key-of-acmes-chat", "acme")]
    [InlineData("the-key-of-all-chats", null)]
    public void FindOpenAi_KeyOfACaller_IsThatCallers(string key, string? expected)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers["api-key"] = key;

        Assert.Equal(expected, Assert.IsType<Caller>(Callers().FindOpenAi(request)).Name);
    }

    [Fact]
    public void FindOpenAi_FunctionKeyOfACaller_IsNotTaken()
    {
        var request = new DefaultHttpContext().Request;
        request.Headers["x-functions-key"] = First;

        Assert.Null(Callers().FindOpenAi(request));
    }

    [Fact]
    public void Validate_CallersThatMakeNoSense_NamesEachFault()
    {
        var options = new BrokerOptions { HostKey = "key-of-the-hosts-api", CallbackKey = "key-of-the-callback" };
        options.Callers["a"] = new CallerOptions { Keys = { First, "short" }, SessionPrefix = " a", MaxOpenTurns = 0 };
        options.Callers["b"] = new CallerOptions { OpenAiKeys = { First }, SessionPrefix = new string('b', 101) };

        var faults = new BrokerOptionsRules().Validate(null, options).Failures!;

        Assert.Equal(
            [
                "Broker:Callers:a:Keys:1 must have at least 16 characters.",
                "Broker:Callers:a:SessionPrefix is no beginning of an id, or has more than 100 characters.",
                "Broker:Callers:a:MaxOpenTurns is a number from 1 to 100000.",
                "Broker:Callers:b:SessionPrefix is no beginning of an id, or has more than 100 characters.",
                "Broker:Callers: 2 callers have the same key.",
            ],
            faults);
    }

    private static CallerKeys Callers()
    {
        var options = new BrokerOptions { OpenAiKeys = { "the-key-of-all-chats" } };
        options.Callers["acme"] = new CallerOptions { Keys = { First }, OpenAiKeys = { "the-key-of-acmes-chat" }, SessionPrefix = "acme-" };
        options.Callers["ops"] = new CallerOptions { Keys = { "the-key-before-the-second", Second } };
        return new CallerKeys(Options.Create(options));
    }

    private static CallerKeys OpenAi(params string[] keys)
    {
        var options = new BrokerOptions();
        foreach (var key in keys)
        {
            options.OpenAiKeys.Add(key);
        }

        return new CallerKeys(Options.Create(options));
    }
}
