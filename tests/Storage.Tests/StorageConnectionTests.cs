using Azure.Data.Tables;
using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;

namespace FunctionsBroker.Storage.Tests;

public sealed class StorageConnectionTests
{
    [Fact]
    public void Read_ConnectionString_OpensBothServices()
    {
        var connection = Read(("AzureWebJobsStorage", "UseDevelopmentStorage=true"));

        Assert.Equal("devstoreaccount1", connection.CreateTables().AccountName);
        Assert.Equal("devstoreaccount1", connection.CreateQueues(new QueueClientOptions()).AccountName);
    }

    [Theory]
    [InlineData("managedidentity", "client")]
    [InlineData("managedidentity", null)]
    [InlineData("ManagedIdentity", null)]
    [InlineData(null, "client")]
    [InlineData(null, null)]
    public void Read_ServiceAddresses_AreOpenedByIdentity(string? credential, string? client)
    {
        var connection = Read(
            ("AzureWebJobsStorage:tableServiceUri", "https://a.table.core.windows.net/"),
            ("AzureWebJobsStorage:queueServiceUri", "https://a.queue.core.windows.net/"),
            ("AzureWebJobsStorage:credential", credential),
            ("AzureWebJobsStorage:clientId", client));

        Assert.Equal(new Uri("https://a.table.core.windows.net/"), connection.CreateTables().Uri);
        Assert.Equal(new Uri("https://a.queue.core.windows.net/"), connection.CreateQueues(new QueueClientOptions()).Uri);
    }

    [Fact]
    public void Read_AccountName_StandsForBothAddresses()
    {
        var connection = Read(("AzureWebJobsStorage:accountName", "a"));

        Assert.Equal(new Uri("https://a.table.core.windows.net/"), connection.CreateTables().Uri);
        Assert.Equal(new Uri("https://a.queue.core.windows.net/"), connection.CreateQueues(new QueueClientOptions()).Uri);
    }

    [Fact]
    public void Read_WithoutQueues_IsEnoughForWhoSendsNothing()
    {
        var connection = Read(("AzureWebJobsStorage:tableServiceUri", "https://a.table.core.windows.net/"));

        Assert.IsType<TableServiceClient>(connection.CreateTables());
        Assert.Contains("AzureWebJobsStorage__queueServiceUri", Message(() => connection.CreateQueues(new QueueClientOptions())), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, "The setting 'AzureWebJobsStorage' is missing")]
    [InlineData("AzureWebJobsStorage:credential", "managedidentity", "'AzureWebJobsStorage__tableServiceUri' is missing or no https address")]
    [InlineData("AzureWebJobsStorage:tableServiceUri", "http://a.table.core.windows.net", "no https address")]
    [InlineData("AzureWebJobsStorage:credential", "password", "is 'password'; it must be 'managedidentity' or left out")]
    public void Read_WhatCannotBeUsed_SaysWhatToSet(string? name, string? value, string message) =>
        Assert.Contains(message, Message(() => name is null ? Read() : Read((name, value))), StringComparison.Ordinal);

    private static string Message(Func<object> action) => Assert.Throws<InvalidOperationException>(action).Message;

    private static StorageConnection Read(params (string Name, string? Value)[] settings) => StorageConnection.Read(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value))).Build());
}
