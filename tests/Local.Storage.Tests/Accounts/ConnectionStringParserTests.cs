using FunctionsBroker.Local.Storage.Accounts;

namespace FunctionsBroker.Local.Storage.Tests.Accounts;

public sealed class ConnectionStringParserTests
{
    private const string Key = "c2VjcmV0LXNlY3JldC1zZWNyZXQ=";

    [Theory]
    [InlineData("UseDevelopmentStorage=true")]
    [InlineData("usedevelopmentstorage=True;")]
    public void Parse_DevelopmentStorage_IsTheEmulatorOnItsPorts(string connectionString)
    {
        var account = ConnectionStringParser.Parse(connectionString);

        Assert.Equal(("devstoreaccount1", ConnectionStringParser.EmulatorKey), (account.Name, account.Key));
        Assert.Equal("http://127.0.0.1:10002/devstoreaccount1", account.TableEndpoint?.AbsoluteUri);
        Assert.Equal("http://127.0.0.1:10001/devstoreaccount1", account.QueueEndpoint?.AbsoluteUri);
    }

    [Fact]
    public void Parse_DevelopmentStorageWithProxy_IsTheEmulatorOnThatHost()
    {
        var account = ConnectionStringParser.Parse("UseDevelopmentStorage=true;DevelopmentStorageProxyUri=http://azurite");

        Assert.Equal("http://azurite:10002/devstoreaccount1", account.TableEndpoint?.AbsoluteUri);
    }

    [Fact]
    public void Parse_ExplicitEndpoints_AreTaken()
    {
        var account = ConnectionStringParser.Parse(
            $"AccountName=a;AccountKey={Key};TableEndpoint=http://127.0.0.1:5002/a;QueueEndpoint=http://127.0.0.1:5001/a");

        Assert.Equal("http://127.0.0.1:5002/a", account.TableEndpoint?.AbsoluteUri);
        Assert.Equal("http://127.0.0.1:5001/a", account.QueueEndpoint?.AbsoluteUri);
        Assert.Equal(Key, account.Key);
    }

    [Theory]
    [InlineData("", "https://a.table.core.windows.net/")]
    [InlineData(";EndpointSuffix=core.chinacloudapi.cn", "https://a.table.core.chinacloudapi.cn/")]
    [InlineData(";DefaultEndpointsProtocol=http", "http://a.table.core.windows.net/")]
    public void Parse_NameAndKey_MakesDefaultEndpoints(string more, string expected) =>
        Assert.Equal(expected, ConnectionStringParser.Parse($"AccountName=a;AccountKey={Key}{more}").TableEndpoint?.AbsoluteUri);

    [Fact]
    public void Parse_SharedAccessSignature_KeepsItsEqualsSigns()
    {
        var account = ConnectionStringParser.Parse("TableEndpoint=https://a.table.core.windows.net;SharedAccessSignature=?sv=2020-12-06&sig=a%3D");

        Assert.Equal((null, "sv=2020-12-06&sig=a%3D"), (account.Key, account.SharedAccessSignature));
        Assert.Null(account.QueueEndpoint);
    }

    [Theory]
    [InlineData("AccountKey=" + Key, "AccountName")]
    [InlineData("AccountName=a", "AccountKey")]
    [InlineData("AccountName=;AccountKey=" + Key, "AccountName")]
    [InlineData("AccountName=a;AccountKey=" + Key + "!", "AccountKey")]
    [InlineData("AccountName=a;AccountKey=" + Key + ";TableEndpoint=nowhere", "TableEndpoint")]
    [InlineData("AccountName=a;AccountKey=" + Key + ";QueueEndpoint=ftp://host/a", "QueueEndpoint")]
    [InlineData("AccountName=a;AccountKey=" + Key + ";DefaultEndpointsProtocol=gopher", "DefaultEndpointsProtocol")]
    [InlineData("AccountName=a;AccountName=b;AccountKey=" + Key, "AccountName")]
    [InlineData("UseDevelopmentStorage=yes", "UseDevelopmentStorage")]
    [InlineData("AccountName=a;AccountKey:" + Key, "setting number 2")]
    [InlineData("AccountName=a b;AccountKey=" + Key, "AccountName")]
    public void Parse_BadSetting_NamesItAndShowsNoKey(string connectionString, string named)
    {
        var failure = Assert.ThrowsAny<FormatException>(() => ConnectionStringParser.Parse(connectionString));

        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Key.TrimEnd('='), failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ToString_Account_ShowsNoSecret()
    {
        var account = ConnectionStringParser.Parse($"AccountName=a;AccountKey={Key}");

        Assert.DoesNotContain(Key, account.ToString(), StringComparison.Ordinal);
    }
}
