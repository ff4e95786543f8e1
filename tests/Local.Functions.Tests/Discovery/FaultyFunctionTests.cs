using FunctionsBroker.Local.Functions.Tests.Harness;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Local.Functions.Tests.Discovery;

public sealed class FaultyFunctionTests
{
    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData(typeof(FaultyFunctions.NoTrigger), "exactly one trigger")]
    [InlineData(typeof(FaultyFunctions.TwoTriggers), "exactly one trigger")]
    [InlineData(typeof(FaultyFunctions.SameNames), "Same")]
    [InlineData(typeof(FaultyFunctions.SameRoutes), "'First' and 'Second' have the same route 'api/things/{name}' for GET")]
    [InlineData(typeof(FaultyFunctions.MalformedRoute), "the route 'things/{id' is malformed")]
    [InlineData(typeof(FaultyFunctions.UnknownConstraint), "'telepathic'")]
    [InlineData(typeof(FaultyFunctions.MalformedQueueName), "'no_queue' is no queue name")]
    [InlineData(typeof(FaultyFunctions.BracedQueueName), "Binding expressions in braces")]
    [InlineData(typeof(FaultyFunctions.MissingSetting), "'%Nowhere%' needs the setting 'Nowhere'")]
    [InlineData(typeof(FaultyFunctions.MalformedConnection), "neither 'AccountKey' nor 'SharedAccessSignature'")]
    public async Task Build_WithAFunctionDeclaredWrongly_NamesIt(Type function, string reason)
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(function));

        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        Assert.Contains(function == typeof(FaultyFunctions.SameRoutes) ? "First" : function.Name, exception.Message, StringComparison.Ordinal);
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData(typeof(FaultyFunctions.UnknownTrigger), "TelepathyAttribute")]
    [InlineData(typeof(FaultyFunctions.UnknownInput), "IntuitionAttribute")]
    [InlineData(typeof(FaultyFunctions.UnknownOutput), "ProphecyAttribute")]
    [InlineData(typeof(FaultyFunctions.OutputOfEntity), "outputs")]
    [InlineData(typeof(FaultyFunctions.UnboundParameter), "'nothing'")]
    [InlineData(typeof(FaultyFunctions.WrongDurableClient), "'client'")]
    [InlineData(typeof(FaultyFunctions.PlainResult), "System.String")]
    [InlineData(typeof(FaultyFunctions.UserLevel), "AuthorizationLevel.User")]
    [InlineData(typeof(FaultyFunctions.WrongRequest), "'context'")]
    [InlineData(typeof(FaultyFunctions.HeaderOfMvc), "[FromHeaderAttribute]")]
    [InlineData(typeof(FaultyFunctions.BodyOfMvc), "[FromBodyAttribute]")]
    [InlineData(typeof(FaultyFunctions.RenamedQuery), "[FromQueryAttribute]")]
    [InlineData(typeof(FaultyFunctions.WithRetry), "RetryAttribute")]
    [InlineData(typeof(FaultyFunctions.NotPublic), "not public")]
    public async Task Build_WithAnUnsupportedFunction_NamesItAndWhatIsNotSupported(Type function, string what)
    {
        var exception = await Assert.ThrowsAsync<NotSupportedException>(() => StartAsync(function));

        Assert.Contains($"'{function.Name}Function'", exception.Message, StringComparison.Ordinal);
        Assert.Contains(what, exception.Message, StringComparison.Ordinal);
    }

    private static async Task StartAsync(Type function)
    {
        await using var app = await TestApp.StartAsync([function], settings: [("AzureWebJobsStorage", "UseDevelopmentStorage=true"), ("Broken", "AccountName=a")]);
    }
}
