using FunctionsBroker.Local.Durable.Entities;
using FunctionsBroker.Local.Durable.Instances;
using FunctionsBroker.Local.Durable.Log;
using FunctionsBroker.Local.Durable.Messages;
using FunctionsBroker.Local.Durable.Tests.Harness;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Entities;
using Microsoft.Extensions.Logging.Abstractions;

namespace FunctionsBroker.Local.Durable.Tests.Entities;

public sealed class EntityBatchTests
{
    private const string Id = "@counter@k";
    private static readonly DateTimeOffset s_now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly CallerLink s_caller = new("caller", "execution", 7);

    private readonly DurableTaskRegistry _registry = new();
    private InstanceDocument _document = InstanceDocument.Empty;
    private long _lsn;

    public EntityBatchTests()
    {
        _registry.AddEntity("Counter", async (operation, _) => await new Counter().RunAsync(operation));
        _registry.AddEntity("Free", Free);
    }

    [Fact]
    public async Task Operations_ThatWait_AreCommittedTogetherInOrder()
    {
        Send(Call("Add", "1"), Call("Add", "2"), Call("Add", "3"));

        LogEntry.BatchCommitted? batch = await RunAsync();

        Assert.Equal(3, batch?.Consumed.Count);
        Assert.Equal("""{"Value":6}""", _document.Entity?.State);
        Assert.Equal(["1", "3", "6"], batch?.Messages.Cast<Message.TaskSettled>().Select(answer => answer.Result));
        Assert.Null(await RunAsync());
    }

    [Fact]
    public async Task Operations_OfALargeQueue_AreCommittedInParts()
    {
        Send([.. Enumerable.Repeat(Signal("Add", "1"), 450)]);

        Assert.Equal(200, (await RunAsync())?.Consumed.Count);
        Assert.Equal(200, (await RunAsync())?.Consumed.Count);
        Assert.Equal(50, (await RunAsync())?.Consumed.Count);
        Assert.Equal("""{"Value":450}""", _document.Entity?.State);
    }

    [Fact]
    public async Task FailedOperation_AnswersWithItsCauses_AndTheNextOnesRun()
    {
        Send(Call("Add", "1"), Call("Boom", null), Call("Add", "1"));

        LogEntry.BatchCommitted? batch = await RunAsync();

        TaskFailureDetails? failure = Assert.IsType<Message.TaskSettled>(batch?.Messages[1]).Failure;
        Assert.Equal("System.InvalidOperationException: entity boom", failure?.ToString());
        Assert.Equal("System.ArgumentException", failure?.InnerFailure?.ErrorType);
        Assert.Equal("""{"Value":2}""", _document.Entity?.State);
    }

    [Fact]
    public async Task FailedOperation_UndoesItsStateAndWhatItSent()
    {
        Send("@free@k", new Message.OperationRequested("@free@k", "change-then-fail", null));

        LogEntry.BatchCommitted? batch = await RunAsync("@free@k");

        Assert.Null(batch?.State);
        Assert.Empty(batch?.Messages ?? []);
    }

    [Fact]
    public async Task Operation_SendsSignalsAndStartsOrchestrations_WithItsCommit()
    {
        Send("@free@k", new Message.OperationRequested("@free@k", "send", null));

        LogEntry.BatchCommitted? batch = await RunAsync("@free@k");

        Assert.Equal(["@other@k", "started"], batch?.Messages.Select(message => message.To));
        Assert.Equal(s_now.AddDays(1), batch?.Messages[0].NotBefore);
    }

    [Fact]
    public async Task Operation_OfAnUnknownEntity_Fails()
    {
        Send("@nobody@k", new Message.OperationRequested("@nobody@k", "Op", null, s_caller));

        LogEntry.BatchCommitted? batch = await RunAsync("@nobody@k");

        Assert.Equal("EntityTaskNotFound", Assert.IsType<Message.TaskSettled>(Assert.Single(batch?.Messages ?? [])).Failure?.ErrorType);
    }

    [Fact]
    public async Task Signal_OfTheFuture_WaitsForItsTime()
    {
        Send(new Message.OperationRequested(Id, "Add", "1", SignalTime: s_now.AddMinutes(5)), Signal("Add", "2"));

        EntityBatch batch = Batch(Id, s_now);
        LogEntry.BatchCommitted? entry = await batch.RunAsync(CancellationToken.None);

        Assert.Single(entry?.Consumed ?? []);
        Assert.Equal(s_now.AddMinutes(5), batch.WakeAt);
        Apply(entry, Id);
        Assert.Single((await Batch(Id, s_now.AddMinutes(5)).RunAsync(CancellationToken.None))?.Consumed ?? []);
    }

    [Fact]
    public async Task Lock_HoldsOthersBack_UntilReleased()
    {
        Guid section = Guid.NewGuid();
        Send(new Message.LockRequested(Id, s_caller, section, [Id], 0), Call("Add", "1"));
        LogEntry.BatchCommitted? locked = await RunAsync();
        Assert.Equal(s_caller.Answer(null), Assert.Single(locked?.Messages ?? []));
        Assert.Equal("caller", _document.Entity?.Lock?.Owner);
        Assert.Null(await RunAsync());

        Send(new Message.OperationRequested(Id, "Add", "10", s_caller, Section: section));
        Assert.Equal("10", Assert.IsType<Message.TaskSettled>(Assert.Single((await RunAsync())?.Messages ?? [])).Result);

        Send(new Message.LockReleased(Id, section));
        Assert.Equal("11", Assert.IsType<Message.TaskSettled>(Assert.Single((await RunAsync())?.Messages ?? [])).Result);
        Assert.Null(_document.Entity?.Lock);
    }

    [Fact]
    public async Task Lock_OfSeveralEntities_GoesOnToTheNext()
    {
        Message.LockRequested request = new(Id, s_caller, Guid.NewGuid(), [Id, "@counter@l"], 0);
        Send(request);

        Assert.Equal(
            request with { To = "@counter@l", Position = 1 },
            Assert.IsType<Message.LockRequested>(Assert.Single((await RunAsync())?.Messages ?? [])));
    }

    [Fact]
    public async Task Lock_AskedForByTwo_IsGrantedInTurn()
    {
        Guid first = Guid.NewGuid();
        Guid second = Guid.NewGuid();
        Send(new Message.LockRequested(Id, s_caller, first, [Id], 0), new Message.LockRequested(Id, s_caller, second, [Id], 0));
        await RunAsync();
        Assert.Equal(first, _document.Entity?.Lock?.Section);

        Send(new Message.LockReleased(Id, first));
        await RunAsync();

        Assert.Equal(second, _document.Entity?.Lock?.Section);
    }

    [Fact]
    public async Task Release_OfAnotherSection_ReleasesNothing()
    {
        Guid section = Guid.NewGuid();
        Send(new Message.LockRequested(Id, s_caller, section, [Id], 0), new Message.LockReleased(Id, Guid.NewGuid()));
        await RunAsync();

        Assert.Equal(section, _document.Entity?.Lock?.Section);
    }

    private static Task<object?> Free(TaskEntityOperation operation, CancellationToken cancellationToken)
    {
        if (operation.Name == "send")
        {
            operation.Context.SignalEntity(
                new EntityInstanceId("other", "k"), "Op", 1, new SignalEntityOptions { SignalTime = s_now.AddDays(1) });
            return Task.FromResult<object?>(operation.Context.ScheduleNewOrchestration("O", null, new StartOrchestrationOptions("started")));
        }

        operation.State.SetState("changed");
        operation.Context.ScheduleNewOrchestration("O");
        throw new InvalidOperationException();
    }

    private static Message.OperationRequested Call(string operation, string? input) => new(Id, operation, input, s_caller);

    private static Message.OperationRequested Signal(string operation, string? input) => new(Id, operation, input);

    private void Send(params Message[] messages) => Send(Id, messages);

    private void Send(string id, params Message[] messages) => Apply(new LogEntry.MessagesAccepted { Messages = messages }, id);

    private EntityBatch Batch(string id, DateTimeOffset now) => new(id, _document, now, _registry, NullLogger.Instance);

    private async Task<LogEntry.BatchCommitted?> RunAsync(string id = Id)
    {
        LogEntry.BatchCommitted? entry = await Batch(id, s_now).RunAsync(CancellationToken.None);
        Apply(entry, id);
        return entry;
    }

    private void Apply(LogEntry? entry, string id)
    {
        if (entry is not null)
        {
            _document = _document.Apply(entry, id, ++_lsn);
        }
    }
}
