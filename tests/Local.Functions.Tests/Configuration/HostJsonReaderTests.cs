using Azure.Storage.Queues;
using FunctionsBroker.Local.Functions.Configuration;
using FunctionsBroker.TestKit;
using Microsoft.Extensions.Configuration;

namespace FunctionsBroker.Local.Functions.Tests.Configuration;

public sealed class HostJsonReaderTests : IDisposable
{
    private readonly TempDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData("""{ "version": "2.0" }""")]
    public void Read_WithoutSettings_HasTheRealHostsDefaults(string? content)
    {
        var host = Read(content);

        Assert.Equal("api", host.RoutePrefix);
        Assert.Equal(TimeSpan.FromMinutes(30), host.FunctionTimeout);
        Assert.Equal(
            new QueuesHostOptions
            {
                BatchSize = 16,
                NewBatchThreshold = 8,
                MaxDequeueCount = 5,
                MaxPollingInterval = TimeSpan.FromMinutes(1),
                VisibilityTimeout = TimeSpan.Zero,
                MessageEncoding = QueueMessageEncoding.Base64,
            },
            host.Queues);
        Assert.Null(host.DurableTask.HubName);
    }

    [Fact]
    public void Read_WithEverySetting_HasThem()
    {
        var host = Read("""
            {
              // As on the real host, comments are allowed.
              "version": "2.0",
              "functionTimeout": "-1",
              "logging": { "logLevel": { "default": "Warning", "Function.Start": "Debug" } },
              "extensions": {
                "http": { "routePrefix": "/v1/" },
                "queues": {
                  "batchSize": 4, "newBatchThreshold": 1, "maxDequeueCount": 2, "maxPollingInterval": "00:00:02",
                  "visibilityTimeout": "00:00:30", "messageEncoding": "none"
                },
                "durableTask": { "hubName": "hub", "maxConcurrentActivityFunctions": 3, "maxConcurrentOrchestratorFunctions": 4 },
              },
            }
            """);

        Assert.Equal("v1", host.RoutePrefix);
        Assert.Null(host.FunctionTimeout);
        Assert.Equal("Debug", host.LogLevels["Function.Start"]);
        Assert.Equal(
            new QueuesHostOptions
            {
                BatchSize = 4,
                NewBatchThreshold = 1,
                MaxDequeueCount = 2,
                MaxPollingInterval = TimeSpan.FromSeconds(2),
                VisibilityTimeout = TimeSpan.FromSeconds(30),
                MessageEncoding = QueueMessageEncoding.None,
            },
            host.Queues);
        Assert.Equal(
            new DurableTaskHostOptions { HubName = "hub", MaxConcurrentActivityFunctions = 3, MaxConcurrentOrchestratorFunctions = 4 }, host.DurableTask);
    }

    [Fact]
    public void Read_WithASettingForAKey_TakesTheSetting()
    {
        var host = Read(
            """{ "version": "2.0", "extensions": { "queues": { "batchSize": 4 } } }""",
            ("AzureFunctionsJobHost:extensions:queues:batchSize", "9"));

        Assert.Equal(9, host.Queues.BatchSize);
    }

    [Theory]
    [InlineData("""{ "version": "1.0" }""", "version")]
    [InlineData("{}", "version")]
    [InlineData("""{ "version": "2.0", "extensions": { "queues": { "batchSize": 33 } } }""", "extensions.queues.batchSize")]
    [InlineData("""{ "version": "2.0", "extensions": { "queues": { "batchSize": "many" } } }""", "extensions.queues.batchSize")]
    [InlineData("""{ "version": "2.0", "extensions": { "queues": { "newBatchThreshold": -1 } } }""", "extensions.queues.newBatchThreshold")]
    [InlineData("""{ "version": "2.0", "extensions": { "queues": { "maxDequeueCount": 0 } } }""", "extensions.queues.maxDequeueCount")]
    [InlineData("""{ "version": "2.0", "extensions": { "queues": { "maxPollingInterval": "soon" } } }""", "extensions.queues.maxPollingInterval")]
    [InlineData("""{ "version": "2.0", "extensions": { "queues": { "messageEncoding": "rot13" } } }""", "extensions.queues.messageEncoding")]
    [InlineData("""{ "version": "2.0", "extensions": { "durableTask": { "maxConcurrentActivityFunctions": 0 } } }""", "extensions.durableTask.maxConcurrentActivityFunctions")]
    [InlineData("""{ "version": "2.0", "functionTimeout": "00:00:00" }""", "functionTimeout")]
    [InlineData("""{ "version": """, "not valid JSON")]
    public void Read_OfAMalformedFile_NamesFileAndKey(string content, string key)
    {
        var exception = Assert.Throws<InvalidDataException>(() => Read(content));

        Assert.Contains(_folder.Combine("host.json"), exception.Message, StringComparison.Ordinal);
        Assert.Contains(key, exception.Message, StringComparison.Ordinal);
    }

    private HostJson Read(string? content, params (string Key, string? Value)[] settings)
    {
        if (content is not null)
        {
            File.WriteAllText(_folder.Combine("host.json"), content);
        }

        return HostJsonReader.Read(
            _folder.Path,
            new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => setting.Value)).Build());
    }
}
