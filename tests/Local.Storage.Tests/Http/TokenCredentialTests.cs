using Azure;
using Azure.Core;
using Azure.Data.Tables;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Storage;

namespace FunctionsBroker.Local.Storage.Tests.Http;

/// <summary>Azure AD tokens, shown on an emulator over https that looks into them.</summary>
[Trait("Category", "Emulator")]
public sealed class TokenCredentialTests(SecureAzuriteFixture fixture) : IClassFixture<SecureAzuriteFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Tables_WithAToken_DoEverything()
    {
        var credential = new SignedOutToken();
        var service = new TableServiceClient(fixture.Azurite.TableEndpoint, credential, Options(new TableClientOptions()));
        var table = service.GetTableClient(AzuriteFixture.UniqueName());

        await table.CreateAsync(Cancel);
        await table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1 }, Cancel);
        await table.SubmitTransactionAsync([new(TableTransactionActionType.UpsertMerge, new TableEntity("p", "r2"))], Cancel);
        var read = await new TableClient(fixture.Azurite.TableEndpoint, table.Name, credential, Options(new TableClientOptions()))
            .QueryAsync<TableEntity>(cancellationToken: Cancel).ToListAsync(Cancel);
        await service.DeleteTableAsync(table.Name, Cancel);

        Assert.Equal(["r", "r2"], read.Select(entity => entity.RowKey));
        Assert.All(credential.Scopes, scope => Assert.Equal("https://storage.azure.com/.default", scope));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Queues_WithAToken_DoEverything()
    {
        var credential = new SignedOutToken();
        var service = new QueueServiceClient(fixture.Azurite.QueueEndpoint, credential, Options(new QueueClientOptions()));
        var queue = service.GetQueueClient(AzuriteFixture.UniqueName());

        await queue.CreateAsync(cancellationToken: Cancel);
        await queue.SendMessageAsync("text", Cancel);
        var address = new Uri($"{fixture.Azurite.QueueEndpoint}/{queue.Name}");
        QueueMessage message = await new QueueClient(address, credential, Options(new QueueClientOptions())).ReceiveMessageAsync(cancellationToken: Cancel);
        await queue.DeleteMessageAsync(message.MessageId, message.PopReceipt, Cancel);
        await service.DeleteQueueAsync(queue.Name, Cancel);

        Assert.Equal("text", message.MessageText);
        Assert.All(credential.Scopes, scope => Assert.Equal("https://storage.azure.com/.default", scope));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Token_ThatIsFresh_IsAskedForOnce()
    {
        var credential = new SignedOutToken();
        var service = new TableServiceClient(fixture.Azurite.TableEndpoint, credential, Options(new TableClientOptions()));

        for (var count = 0; count < 3; count++)
        {
            await service.QueryAsync(cancellationToken: Cancel).ToListAsync(Cancel);
        }

        Assert.Single(credential.Scopes);
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData("https://graph.microsoft.com", 1, "https://sts.windows.net/tenant/")]
    [InlineData("https://storage.azure.com", -1, "https://sts.windows.net/tenant/")]
    [InlineData("https://storage.azure.com", 1, "https://issuer.example/")]
    public async Task Token_ThatIsNotForStorage_IsForbiddenAndNotInTheMessage(string audience, int hours, string issuer)
    {
        var credential = new SignedOutToken(audience, TimeSpan.FromHours(hours), issuer);
        var tables = new TableServiceClient(fixture.Azurite.TableEndpoint, credential, Options(new TableClientOptions()));
        var queues = new QueueServiceClient(fixture.Azurite.QueueEndpoint, credential, Options(new QueueClientOptions()));

        var ofTables = await Assert.ThrowsAsync<RequestFailedException>(() => tables.CreateTableAsync("t00", Cancel));
        var ofQueues = await Assert.ThrowsAsync<RequestFailedException>(() => queues.CreateQueueAsync("q00", cancellationToken: Cancel));

        Assert.Equal((403, 403), (ofTables.Status, ofQueues.Status));
        Assert.Equal("AuthenticationFailed", ofQueues.ErrorCode);
        Assert.DoesNotContain(credential.Text, ofTables.ToString() + ofQueues, StringComparison.Ordinal);
    }

    private T Options<T>(T options)
        where T : ClientOptions
    {
        options.Transport = fixture.Transport;
        return options;
    }
}
