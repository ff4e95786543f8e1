using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Client.Entities;
using Microsoft.DurableTask.Converters;
using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.Local.Durable.Tests.Abstractions;

public sealed class AbstractionTests
{
    [Fact]
    public void EntityInstanceId_LowersTheNameAndKeepsTheKey()
    {
        EntityInstanceId id = new("Counter", "Key@1");

        Assert.Equal("@counter@Key@1", id.ToString());
        Assert.Equal(id, EntityInstanceId.FromString("@counter@Key@1"));
        Assert.Equal("\"@counter@Key@1\"", JsonSerializer.Serialize(id));
        Assert.Equal(id, JsonSerializer.Deserialize<EntityInstanceId>("\"@counter@Key@1\""));
    }

    [Theory]
    [InlineData("counter@k")]
    [InlineData("@counter")]
    [InlineData("@@k")]
    public void EntityInstanceId_FromSomethingElse_Throws(string text) =>
        Assert.Throws<ArgumentException>(() => EntityInstanceId.FromString(text));

    [Fact]
    public void EntityInstanceId_WithAnAtSignInItsName_Throws() => Assert.Throws<ArgumentException>(() => new EntityInstanceId("a@b", "k"));

    [Fact]
    public void TaskName_IsComparedWithoutCase()
    {
        Assert.Equal(new TaskName("Say"), new TaskName("sAY"));
        Assert.Equal(new TaskName("Say").GetHashCode(), new TaskName("sAY").GetHashCode());
        Assert.Equal(default, (TaskName)"");
    }

    [Theory]
    [InlineData(0, 1, 1.0, null)]
    [InlineData(1, 0, 1.0, null)]
    [InlineData(1, 1, 0.5, null)]
    [InlineData(1, 2, 1.0, 1)]
    public void RetryPolicy_OutOfRange_Throws(int attempts, int firstSeconds, double coefficient, int? maxSeconds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RetryPolicy(
            attempts, TimeSpan.FromSeconds(firstSeconds), coefficient, maxSeconds is { } max ? TimeSpan.FromSeconds(max) : null));

    [Fact]
    public void TaskFailureDetails_KnowsItsExceptionsBaseTypes()
    {
        TaskFailureDetails details = TaskFailureDetails.FromException(new ArgumentNullException("x"));

        Assert.True(details.IsCausedBy<ArgumentException>());
        Assert.False(details.IsCausedBy<InvalidOperationException>());
        Assert.False(new TaskFailureDetails("No.Such.Type", "m", null, null, null).IsCausedBy<Exception>());
        Assert.Throws<ArgumentException>(() => details.IsCausedBy(typeof(string)));
    }

    [Fact]
    public void TaskFailureDetails_AsText_IsTypeAndMessage() =>
        Assert.Equal("System.TimeoutException: late", TaskFailureDetails.FromException(new TimeoutException("late")).ToString());

    [Theory]
    [InlineData("Counter", "@counter")]
    [InlineData("@Counter", "@counter")]
    [InlineData("@Counter@Key", "@counter@Key")]
    [InlineData("", "@")]
    public void EntityQuery_Prefix_IsNormalizedAsEntityNamesAre(string given, string expected) =>
        Assert.Equal(expected, new EntityQuery { InstanceIdStartsWith = given }.InstanceIdStartsWith);

    [Fact]
    public void EntityMetadata_WithoutState_RefusesToGiveIt()
    {
        EntityMetadata<int?> metadata = new(new EntityInstanceId("e", "k"));

        Assert.False(metadata.IncludesState);
        Assert.Throws<InvalidOperationException>(() => metadata.State);
    }

    [Fact]
    public void EntityMetadata_AsJson_HasItsIdAsText()
    {
        EntityMetadata<int> metadata = new(new EntityInstanceId("e", "k"), 5) { BacklogQueueSize = 2 };

        Assert.Equal(
            """{"id":"@e@k","lastModifiedTime":"0001-01-01T00:00:00+00:00","backlogQueueSize":2,"state":5}""",
            JsonSerializer.Serialize(metadata, JsonSerializerOptions.Web));
    }

    [Fact]
    public void OrchestrationMetadata_FetchedWithoutOutputs_RefusesToReadThem() =>
        Assert.Throws<InvalidOperationException>(() => new OrchestrationMetadata("n", "i").ReadOutputAs<string>());

    [Fact]
    public void SubOrchestrationOptions_FromTaskOptions_KeepRetryAndTakeTheId()
    {
        TaskOptions options = new RetryPolicy(2, TimeSpan.FromSeconds(1)) is var policy ? TaskOptions.FromRetryPolicy(policy) : new();

        SubOrchestrationOptions child = options.WithInstanceId("child");

        Assert.Same(options.Retry, child.Retry);
        Assert.Equal("child", child.InstanceId);
        Assert.Equal("child", new SubOrchestrationOptions((TaskOptions)child).InstanceId);
    }

    [Fact]
    public void JsonDataConverter_WritesMembersUnderTheirOwnNames_FieldsIncluded() =>
        Assert.Equal("""{"Item1":1,"Item2":"x"}""", JsonDataConverter.Default.Serialize((1, "x")));

    [Fact]
    public void WithDedupeStatuses_WritesTheirNames() => Assert.Equal(
        ["Completed", "Failed"],
        new StartOrchestrationOptions().WithDedupeStatuses(OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed).DedupeStatuses);

    [Fact]
    public void Registry_ANameTwice_Throws()
    {
        DurableTaskRegistry registry = new();
        registry.AddActivity("Say", (_, _, _) => Task.FromResult<object?>(null));

        Assert.Throws<ArgumentException>(() => registry.AddActivity("say", (_, _, _) => Task.FromResult<object?>(null)));
    }
}
