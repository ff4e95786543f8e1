using FunctionsBroker.Local.Durable.Entities;
using Microsoft.DurableTask.Converters;
using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.Local.Durable.Tests.Abstractions;

public sealed class TaskEntityTests
{
    private readonly EntityOperationState _state = new(null, JsonDataConverter.Default);

    [Theory]
    [InlineData("Set", "5", null)]
    [InlineData("set", "5", null)]
    [InlineData("SetAsync", "5", null)]
    [InlineData("SetLater", "5", "5")]
    [InlineData("SetSoon", "5", "5")]
    [InlineData("SetValueTask", "5", null)]
    [InlineData("WithContext", "5", "@sample@k")]
    [InlineData("OrDefault", null, "7")]
    public async Task Operation_RunsTheMethodOfItsName(string operation, string? input, string? result)
    {
        object? returned = await RunAsync(new Sample(), operation, input);

        Assert.Equal(result, returned?.ToString());
        Assert.Equal(input ?? "7", _state.Serialized);
    }

    [Fact]
    public async Task Operation_WithoutAMethod_Throws()
    {
        NotSupportedException exception = await Assert.ThrowsAsync<NotSupportedException>(() => RunAsync(new Sample(), "Nothing", null));

        Assert.Equal("No suitable method found for entity operation 'sample/Nothing'.", exception.Message);
    }

    [Fact]
    public async Task Operation_WithoutTheInputItNeeds_Throws() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(new Sample(), "Set", null));

    [Fact]
    public async Task Operation_WithTwoInputs_Throws() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(new Sample(), "Two", "1"));

    [Fact]
    public async Task Operation_ThatThrows_ThrowsItsOwnException() =>
        await Assert.ThrowsAsync<TimeoutException>(() => RunAsync(new Sample(), "Boom", null));

    [Fact]
    public async Task Delete_WithoutAMethodOfThatName_DeletesTheState()
    {
        await RunAsync(new Sample(), "Set", "5");
        await RunAsync(new Sample(), "DELETE", null);

        Assert.False(_state.HasState);
    }

    [Fact]
    public async Task StateDispatch_WhenAllowed_RunsTheStatesMethods()
    {
        await RunAsync(new Dispatching(), "Append", "\"x\"");
        await RunAsync(new Dispatching(), "Append", "\"y\"");

        Assert.Equal("""{"Text":"xy"}""", _state.Serialized);
    }

    [Fact]
    public async Task State_OfANullableValue_StartsAsTheValuesDefault()
    {
        Assert.Equal(0, await RunAsync(new Optional(), "Get", null));
    }

    private async Task<object?> RunAsync(ITaskEntity entity, string operation, string? input)
    {
        EntityOperationContext context = new(new EntityInstanceId("Sample", "k"), default, JsonDataConverter.Default);
        return await entity.RunAsync(new EntityOperation(operation, input, context, _state, JsonDataConverter.Default));
    }

    private sealed class Sample : TaskEntity<int>
    {
        public void Set(int value) => State = value;

        public async Task SetAsync(int value)
        {
            await Task.Yield();
            State = value;
        }

        public async Task<int> SetLater(int value)
        {
            await Task.Yield();
            return State = value;
        }

        public ValueTask<int> SetSoon(int value) => ValueTask.FromResult(State = value);

        public async ValueTask SetValueTask(int value)
        {
            await Task.Yield();
            State = value;
        }

        public string WithContext(TaskEntityContext context, int value)
        {
            State = value;
            return context.Id.ToString();
        }

        public int OrDefault(int value = 7) => State = value;

        public int Two(int a, int b) => State = a + b;

        public int Boom() => State < 0 ? 0 : throw new TimeoutException();
    }

    private sealed class Dispatching : TaskEntity<Dispatching.Log>
    {
        protected override bool AllowStateDispatch => true;

        internal sealed class Log
        {
            public string Text { get; set; } = "";

            public void Append(string text) => Text += text;
        }
    }

    private sealed class Optional : TaskEntity<int?>
    {
        public int? Get() => State;
    }
}
