using FunctionsBroker.Local.Storage.Accounts;

namespace FunctionsBroker.Local.Storage.Tests.Accounts;

public sealed class AccountNamesTests
{
    [Theory]
    [InlineData("http://127.0.0.1:10002/devstoreaccount1/mytable", "devstoreaccount1", "mytable")]
    [InlineData("http://localhost:10002/devstoreaccount1", "devstoreaccount1", null)]
    [InlineData("https://acc.table.core.windows.net/mytable?sv=1", "acc", "mytable")]
    [InlineData("https://acc.table.core.windows.net/", "acc", null)]
    public void Names_OfAnAddress_AreFoundInBothStyles(string address, string account, string? resource)
    {
        var uri = new Uri(address);

        Assert.Equal((account, resource), (AccountNames.AccountOf(uri), AccountNames.ResourceOf(uri)));
    }

    [Theory]
    [InlineData("https://a.table.core.windows.net", null, "/t", "", "https://a.table.core.windows.net/t")]
    [InlineData("https://a.table.core.windows.net/", null, "/t", "x=1", "https://a.table.core.windows.net/t?x=1")]
    [InlineData("https://a.table.core.windows.net/?sig=s", null, "/t", "x=1", "https://a.table.core.windows.net/t?x=1&sig=s")]
    [InlineData("https://a.table.core.windows.net", "sig=s", "/t", "", "https://a.table.core.windows.net/t?sig=s")]
    public void Combine_PathAndQuery_KeepsTheSignature(string endpoint, string? signature, string path, string query, string expected) =>
        Assert.Equal(expected, new ServiceEndpoint(new Uri(endpoint), signature).Combine(path, query).AbsoluteUri);
}
