using System.Net;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using FunctionsBroker.Local.Storage.Tests.Http;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Storage;

namespace FunctionsBroker.Local.Storage.Tests.Tables;

[Trait("Category", "Emulator")]
public sealed class TableServiceTests(AzuriteFixture azurite) : TableTest(azurite)
{
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Create_ExistingTable_IsConflict() =>
        Assert.Equal((409, "TableAlreadyExists"), await FailureOfAsync(() => Table.CreateAsync(Cancel)));

    /// <summary>As the real package from 12.7 on: never null, the raw answer tells.</summary>
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task CreateIfNotExists_ExistingTable_GivesItAnd409()
    {
        var response = await Table.CreateIfNotExistsAsync(Cancel);

        Assert.Equal((Table.Name, 409), (response.Value.Name, response.GetRawResponse().Status));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task CreateIfNotExists_NewTable_CreatesIt()
    {
        var name = AzuriteFixture.UniqueName();

        var response = await Service.CreateTableIfNotExistsAsync(name, Cancel);

        Assert.Equal((name, 204), (response.Value.Name, response.GetRawResponse().Status));
        Assert.Equal(204, (await Service.DeleteTableAsync(name, Cancel)).Status);
    }

    /// <summary>A table that is being deleted also answers 409, but it is not there.</summary>
    [Fact]
    public async Task CreateIfNotExists_TableBeingDeleted_Fails()
    {
        var answer = new StubHandler(HttpStatusCode.Conflict, """{"odata.error":{"code":"TableBeingDeleted","message":{"value":"Being deleted."}}}""");
        var service = new TableServiceClient(
            new Uri("https://a.table.core.windows.net"), new TableClientOptions { Transport = new HttpClientTransport(answer) });

        Assert.Equal((409, "TableBeingDeleted"), await FailureOfAsync(() => service.CreateTableIfNotExistsAsync("t", Cancel)));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Table_NameThatIsAPath_ReachesNoOtherTable()
    {
        await Table.AddEntityAsync(new TableEntity("p", "r"), Cancel);
        var crooked = Service.GetTableClient($"x/../{Table.Name}");

        Assert.InRange((await FailureOfAsync(() => crooked.AddEntityAsync(new TableEntity("p", "r2"), Cancel))).Status, 400, 404);
        Assert.Equal(1, await Table.QueryAsync<TableEntity>(cancellationToken: Cancel).CountAsync(Cancel));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Delete_NoSuchTable_AnswersNotFound() =>
        Assert.Equal(404, (await Service.DeleteTableAsync(AzuriteFixture.UniqueName(), Cancel)).Status);

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Query_Tables_FindsByNameInEveryForm()
    {
        var name = Table.Name;

        Assert.Contains(await Service.QueryAsync(cancellationToken: Cancel).ToListAsync(Cancel), table => table.Name == name);
        Assert.Equal(name, (await Service.QueryAsync(table => table.Name == name, cancellationToken: Cancel).SingleAsync(Cancel)).Name);
        Assert.Equal(name, (await Service.QueryAsync(TableServiceClient.CreateQueryFilter($"TableName eq {name}"), cancellationToken: Cancel).SingleAsync(Cancel)).Name);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Query_TablesByPages_ReadsAll()
    {
        var prefix = AzuriteFixture.UniqueName("pages");
        for (var number = 0; number < 3; number++)
        {
            await Service.CreateTableAsync($"{prefix}{number}", Cancel);
        }

        var filter = TableServiceClient.CreateQueryFilter($"TableName ge {prefix} and TableName lt {prefix + "x"}");
        var pages = await Service.QueryAsync(filter, maxPerPage: 2, cancellationToken: Cancel).AsPages().ToListAsync(Cancel);

        Assert.Equal([2, 1], pages.Select(page => page.Values.Count));
    }

    [Fact]
    public void Clients_OfAnAccount_KnowTheirNamesAndAddresses()
    {
        var address = Service.Uri.AbsoluteUri;

        Assert.Equal("devstoreaccount1", Service.AccountName);
        Assert.Equal(("devstoreaccount1", $"{address}/{Table.Name}"), (Table.AccountName, Table.Uri.AbsoluteUri));
    }

    [Fact]
    public void ErrorCodes_AreComparedWithoutCase()
    {
        Assert.True(TableErrorCode.EntityAlreadyExists == "entityalreadyexists");
        Assert.True("EntityAlreadyExists" == TableErrorCode.EntityAlreadyExists);
        Assert.False(TableErrorCode.EntityAlreadyExists == TableErrorCode.EntityNotFound);
        Assert.False(TableErrorCode.EntityAlreadyExists == (string?)null);
        Assert.Equal("TableNotFound", TableErrorCode.TableNotFound.ToString());
    }
}
