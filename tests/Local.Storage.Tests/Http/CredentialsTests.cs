using Azure;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Storage;
using Azure.Storage.Queues;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Storage;

namespace FunctionsBroker.Local.Storage.Tests.Http;

/// <summary>Every way of opening an account.</summary>
[Trait("Category", "Emulator")]
public sealed class CredentialsTests(AzuriteFixture fixture)
{
    private readonly Azurite _azurite = fixture.Azurite;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static string Signature => SharedAccessSignatures.Create(TimeProvider.System.GetUtcNow().AddHours(1));

    private static string Expired => SharedAccessSignatures.Create(TimeProvider.System.GetUtcNow().AddHours(-1));

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Tables_SharedKey_OpensServiceAndTable()
    {
        var credential = new TableSharedKeyCredential(Azurite.AccountName, Azurite.AccountKey);

        await UseAsync(new TableServiceClient(_azurite.TableEndpoint, credential).GetTableClient(AzuriteFixture.UniqueName()));
        await UseAsync(new TableClient(_azurite.TableEndpoint, AzuriteFixture.UniqueName(), credential));
        await UseAsync(new TableClient(fixture.ConnectionString, AzuriteFixture.UniqueName()));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Tables_SharedAccessSignature_OpensServiceAndTable()
    {
        var credential = new AzureSasCredential("?" + Signature);
        var name = AzuriteFixture.UniqueName();

        await UseAsync(new TableServiceClient(_azurite.TableEndpoint, credential).GetTableClient(AzuriteFixture.UniqueName()));
        await UseAsync(new TableClient(new Uri($"{_azurite.TableEndpoint}/{name}"), credential));
        await UseAsync(new TableClient(new Uri($"{_azurite.TableEndpoint}/{name}?{Signature}")));
        await UseAsync(new TableClient($"TableEndpoint={_azurite.TableEndpoint};SharedAccessSignature={Signature}", name));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Queues_SharedKey_OpensServiceAndQueue()
    {
        var credential = new StorageSharedKeyCredential(Azurite.AccountName, Azurite.AccountKey);

        await UseAsync(new QueueServiceClient(_azurite.QueueEndpoint, credential).GetQueueClient(AzuriteFixture.UniqueName()));
        await UseAsync(new QueueClient(new Uri($"{_azurite.QueueEndpoint}/{AzuriteFixture.UniqueName()}"), credential));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Queues_SharedAccessSignature_OpensServiceAndQueue()
    {
        var credential = new AzureSasCredential(Signature);
        var name = AzuriteFixture.UniqueName();

        await UseAsync(new QueueServiceClient(_azurite.QueueEndpoint, credential).GetQueueClient(AzuriteFixture.UniqueName()));
        await UseAsync(new QueueClient(new Uri($"{_azurite.QueueEndpoint}/{name}?{Signature}")));
        await UseAsync(new QueueClient($"QueueEndpoint={_azurite.QueueEndpoint};SharedAccessSignature={Signature}", name));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task SharedAccessSignature_Updated_IsUsedFromThenOn()
    {
        var credential = new AzureSasCredential(Expired);
        var table = new TableServiceClient(_azurite.TableEndpoint, credential).GetTableClient(AzuriteFixture.UniqueName());
        Assert.Equal(403, (await Assert.ThrowsAsync<RequestFailedException>(() => table.CreateAsync(Cancel))).Status);

        credential.Update(Signature);

        await UseAsync(table);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task SharedKey_WrongThenReplaced_IsForbiddenThenOpens()
    {
        var wrong = Convert.ToBase64String("not the key"u8);
        var tableKey = new TableSharedKeyCredential(Azurite.AccountName, wrong);
        var queueKey = new StorageSharedKeyCredential(Azurite.AccountName, wrong);
        var table = new TableServiceClient(_azurite.TableEndpoint, tableKey).GetTableClient(AzuriteFixture.UniqueName());
        var queue = new QueueServiceClient(_azurite.QueueEndpoint, queueKey).GetQueueClient(AzuriteFixture.UniqueName());
        Assert.Equal(403, (await Assert.ThrowsAsync<RequestFailedException>(() => table.CreateAsync(Cancel))).Status);
        Assert.Equal(403, (await Assert.ThrowsAsync<RequestFailedException>(() => queue.CreateAsync(cancellationToken: Cancel))).Status);

        tableKey.SetAccountKey(Azurite.AccountKey);
        queueKey.SetAccountKey(Azurite.AccountKey);

        await UseAsync(table);
        await UseAsync(queue);
    }

    [Fact]
    public async Task Token_OverHttps_IsSentAsBearer()
    {
        var service = new StubHandler();
        var token = new FixedToken();
        var options = new TableClientOptions { Transport = new HttpClientTransport(service) };

        await new TableServiceClient(new Uri("https://a.table.core.windows.net"), token, options).QueryAsync(cancellationToken: Cancel).ToListAsync(Cancel);

        Assert.Equal("Bearer the-token", Assert.Single(service.Requests).Headers.Authorization?.ToString());
        Assert.Equal(["https://storage.azure.com/.default"], token.Scopes);
    }

    [Fact]
    public async Task Token_OverHttp_IsRefused()
    {
        var service = new StubHandler();
        var queue = new QueueClient(
            new Uri("http://a.queue.core.windows.net/q"), new FixedToken(), new QueueClientOptions { Transport = new HttpClientTransport(service) });

        await Assert.ThrowsAsync<InvalidOperationException>(() => queue.SendMessageAsync("text", Cancel));

        Assert.Empty(service.Requests);
    }

    [Fact]
    public async Task Requests_CarryVersionAndIds()
    {
        var service = new StubHandler();
        var options = new TableClientOptions { Transport = new HttpClientTransport(service) };

        await new TableServiceClient(new Uri("https://a.table.core.windows.net"), options).QueryAsync(cancellationToken: Cancel).ToListAsync(Cancel);

        var headers = Assert.Single(service.Requests).Headers;
        Assert.Equal(["2020-12-06"], headers.GetValues("x-ms-version"));
        Assert.Equal(["3.0"], headers.GetValues("DataServiceVersion"));
        Assert.Single(headers.GetValues("x-ms-client-request-id"));
    }

    [Theory]
    [InlineData("https://a.table.core.windows.net")]
    [InlineData("http://127.0.0.1:10002/devstoreaccount1")]
    public void TableClient_AddressWithoutTable_IsRefused(string address) =>
        Assert.Throws<ArgumentException>(() => new TableClient(new Uri(address)));

    private static async Task UseAsync(TableClient table)
    {
        await table.CreateIfNotExistsAsync(Cancel);
        await table.UpsertEntityAsync(new TableEntity("it's", "a b"), TableUpdateMode.Merge, Cancel);
        await table.SubmitTransactionAsync([new(TableTransactionActionType.UpsertMerge, new TableEntity("it's", "r"))], Cancel);
        Assert.Equal(2, await table.QueryAsync<TableEntity>(maxPerPage: 1, cancellationToken: Cancel).CountAsync(Cancel));
        await table.DeleteAsync(Cancel);
    }

    private static async Task UseAsync(QueueClient queue)
    {
        await queue.CreateIfNotExistsAsync(cancellationToken: Cancel);
        await queue.SendMessageAsync("text", Cancel);
        var message = (await queue.ReceiveMessageAsync(cancellationToken: Cancel)).Value;
        await queue.DeleteMessageAsync(message.MessageId, message.PopReceipt, Cancel);
        await queue.DeleteAsync(Cancel);
    }
}
