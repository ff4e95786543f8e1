using Azure.Data.Tables;
using FunctionsBroker.Conformance.Tests.Running;

namespace FunctionsBroker.Conformance.Tests.Tables;

public sealed class ServiceTests(ConformanceHost host) : TableTest(host)
{
    [Conformance(Sources.CreateTable, "Creating a table that exists is 409 TableAlreadyExists.")]
    public async Task Create_Again_IsAConflict() => Assert.Equal((409, "TableAlreadyExists"), await FailureOfAsync(() => Table.CreateAsync(Cancellation)));

    [Conformance(Sources.TableClientClass + "#CreateIfNotExistsAsync", "Creating a table if it does not exist may be done again.")]
    public async Task CreateIfNotExists_Again_GivesTheTable() =>
        Assert.Equal(Table.Name, (await Table.CreateIfNotExistsAsync(Cancellation)).Value.Name);

    [Conformance(Sources.DataModel + "#table-names", "A table's name may not be shorter than three characters.")]
    public async Task Create_WithAnUnusableName_IsRefused() =>
        Assert.Equal(400, (await FailureOfAsync(() => Service.GetTableClient("ab").CreateAsync(Cancellation))).Status);

    [Conformance(Sources.DataModel + "#table-names", "Names of tables are compared without regard to case.")]
    public async Task Table_InAnotherCase_IsTheSame()
    {
        await Table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1 }, Cancellation);

        var same = Service.GetTableClient(Table.Name.ToUpperInvariant());
        Assert.Equal(1, (await same.GetEntityAsync<TableEntity>("p", "r", cancellationToken: Cancellation)).Value.GetInt32("A"));
    }

    [Conformance(Sources.DeleteTable, "A table that is deleted takes no more entities.")]
    public async Task Deleted_Table_IsGone()
    {
        var table = Service.GetTableClient(NewName());
        await table.CreateAsync(Cancellation);
        await table.DeleteAsync(Cancellation);

        var failure = await FailureOfAsync(() => table.AddEntityAsync(new TableEntity("p", "r"), Cancellation));
        Assert.Contains(failure.Code, (string[])["TableNotFound", "TableBeingDeleted"]);
    }

    [Conformance(Sources.QueryTables, "Tables are listed by a filter on their names.")]
    public async Task Tables_ByName_AreListed()
    {
        var name = Table.Name;

        Assert.Equal(name, (await Service.QueryAsync(table => table.Name == name, cancellationToken: Cancellation).ToListAsync(Cancellation)).Single().Name);
        Assert.Equal(name, (await Service.QueryAsync($"TableName eq '{name}'", cancellationToken: Cancellation).ToListAsync(Cancellation)).Single().Name);
    }
}
