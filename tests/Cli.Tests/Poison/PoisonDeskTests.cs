using System.Text;
using System.Text.Json;
using Azure.Storage.Queues;
using FunctionsBroker.Cli.Poison;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Queues;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.TestKit.Storage;

namespace FunctionsBroker.Cli.Tests.Poison;

[Trait("Category", "Emulator")]
public sealed class PoisonDeskTests : IAsyncLifetime
{
    private Azurite _azurite = null!;
    private PoisonDesk _desk = null!;
    private QueueClient _poison = null!;
    private QueueClient _turns = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _azurite = await Azurite.StartInMemoryAsync(Cancellation);
        _desk = new PoisonDesk(_azurite.ConnectionString);
        _poison = new QueueClient(_azurite.ConnectionString, QueueNames.Poison);
        _turns = new QueueClient(_azurite.ConnectionString, QueueNames.Turns, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
        await _turns.CreateIfNotExistsAsync(cancellationToken: Cancellation);
    }

    public async ValueTask DisposeAsync() => await _azurite.DisposeAsync();

    [Fact]
    public async Task List_QueueThatIsNotThere_IsEmpty()
    {
        Assert.Empty(await _desk.ListAsync(Cancellation));
    }

    [Fact]
    public async Task List_MessagesOfEveryKind_SaysWhatCameInAndWhy()
    {
        await RefuseAsync("""{"turnId":"t"}""");
        await _poison.SendMessageAsync("plain and given up", Cancellation);
        await _poison.SendMessageAsync(Convert.ToBase64String(Encoding.UTF8.GetBytes("encoded and given up")), Cancellation);

        var entries = await _desk.ListAsync(Cancellation);

        Assert.Equal(["encoded and given up", "plain and given up", """{"turnId":"t"}"""], entries.Select(entry => entry.Original).Order(StringComparer.Ordinal));
        Assert.Equal([ProblemCodes.UnknownProfile], entries.Select(entry => entry.Refusal?.Problem.Code).OfType<string>());
    }

    [Fact]
    public async Task List_MoreThanABatch_GivesAllAndLeavesThemThere()
    {
        await _poison.CreateIfNotExistsAsync(cancellationToken: Cancellation);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(index => _poison.SendMessageAsync($"message {index}", Cancellation)));

        Assert.Equal(50, (await _desk.ListAsync(Cancellation)).Count);
        Assert.Equal(50, (await _desk.ListAsync(Cancellation)).DistinctBy(entry => entry.Id).Count());
    }

    [Fact]
    public async Task Retry_ChosenMessages_AreInTurnsAsTheyCameInAndTheOthersStay()
    {
        await RefuseAsync("""{"turnId":"one"}""");
        await RefuseAsync("""{"turnId":"two"}""");
        var wanted = (await _desk.ListAsync(Cancellation)).Single(entry => entry.Original.Contains("one", StringComparison.Ordinal));

        var sent = await _desk.RetryAsync(entry => entry.Id == wanted.Id, Cancellation);

        Assert.Equal([wanted.Id], sent.Select(entry => entry.Id));
        Assert.Equal(["""{"turnId":"one"}"""], await TurnsAsync());
        Assert.Equal(["""{"turnId":"two"}"""], (await _desk.ListAsync(Cancellation)).Select(entry => entry.Original));
    }

    [Fact]
    public async Task Retry_MessageThatWasCut_IsLeft()
    {
        await RefuseAsync("the beginning of", shortened: true);

        Assert.Empty(await _desk.RetryAsync(_ => true, Cancellation));
        Assert.False(Assert.Single(await _desk.ListAsync(Cancellation)).CanBeRetried);
        Assert.Empty(await TurnsAsync());
    }

    [Fact]
    public async Task Drop_All_LeavesNothing()
    {
        await RefuseAsync("one");
        await RefuseAsync("two", shortened: true);

        Assert.Equal(2, (await _desk.DropAsync(_ => true, Cancellation)).Count);
        Assert.Empty(await _desk.ListAsync(Cancellation));
        Assert.Empty(await TurnsAsync());
    }

    // As the front does it.
    private async Task RefuseAsync(string original, bool shortened = false)
    {
        var message = new PoisonMessage
        {
            Problem = ProblemCatalogue.UnknownProfile("p", ["default"]),
            Original = original,
            Shortened = shortened,
            MessageId = "m",
            RefusedAt = DateTimeOffset.UnixEpoch,
        };
        await _poison.CreateIfNotExistsAsync(cancellationToken: Cancellation);
        await _poison.SendMessageAsync(
            Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(message, ContractsJsonContext.Default.PoisonMessage)),
            Cancellation);
    }

    private async Task<IReadOnlyList<string>> TurnsAsync() =>
        [.. (await _turns.PeekMessagesAsync(32, Cancellation)).Value.Select(message => message.MessageText)];
}
