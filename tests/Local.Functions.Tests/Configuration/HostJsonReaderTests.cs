using Azure.Storage.Queues;
using FunctionsBroker.Local.Functions.Configuration;
using FunctionsBroker.TestKit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Functions.Tests.Configuration;

public sealed class HostJsonReaderTests : IDisposable
{
    private readonly TempDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    [InlineData("""{ "version": "2.0" }""")]
    public void Read_WithoutSettings_HasTheRealHostsDefaults(string? content)
    {
        var host = Read(content);

        Assert.Equal(("api", null, null), (host.Http.RoutePrefix, host.Http.MaxOutstandingRequests, host.Http.MaxConcurrentRequests));
        Assert.Empty(host.Http.CustomHeaders);
        Assert.Null(host.Functions);
        Assert.Empty(host.Warnings);
        Assert.Equal(TimeSpan.FromMinutes(30), host.FunctionTimeout);
        Assert.Equal(
            new QueuesHostOptions
            {
                BatchSize = 16,
                NewBatchThreshold = 8 * Environment.ProcessorCount,
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
              "functions": [ "One", "Two" ],
              "logging": { "logLevel": { "default": "Warning", "Function.Start": "Debug" } },
              "extensions": {
                "http": {
                  "routePrefix": "/v1/", "maxOutstandingRequests": 20, "maxConcurrentRequests": 10, "customHeaders": { "X-Frame-Options": "DENY" }
                },
                "queues": {
                  "batchSize": 4, "newBatchThreshold": 1, "maxDequeueCount": 2, "maxPollingInterval": "00:00:02",
                  "visibilityTimeout": "00:00:30", "messageEncoding": "none"
                },
                "durableTask": { "hubName": "hub", "maxConcurrentActivityFunctions": 3, "maxConcurrentOrchestratorFunctions": 4 },
              },
            }
            """);

        Assert.Equal(("v1", 20, 10), (host.Http.RoutePrefix, host.Http.MaxOutstandingRequests, host.Http.MaxConcurrentRequests));
        Assert.Equal("DENY", host.Http.CustomHeaders["x-frame-options"]);
        Assert.Null(host.FunctionTimeout);
        Assert.Equal(["One", "Two"], host.Functions);
        Assert.Equal((LogLevel.Warning, LogLevel.Debug), (host.LogLevels["default"], host.LogLevels["Function.Start"]));
        Assert.Empty(host.Warnings);
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
    [InlineData("version", "\"1.0\"", "\"2.0\"")]
    [InlineData("version", "2", "\"2.0\"")]
    [InlineData("functionTimeout", "\"00:00:00\"", "a time span of at least 00:00:01")]
    [InlineData("functionTimeout", "\"soon\"", "a time span of at least 00:00:01")]
    [InlineData("functionTimeout", "{}", "a time span of at least 00:00:01")]
    [InlineData("functions", "\"One\"", "an array of text")]
    [InlineData("logging", "[]", "an object")]
    [InlineData("logging.logLevel", "\"Debug\"", "an object")]
    [InlineData("logging.logLevel.default", "\"Loud\"", "one of \"trace\", \"debug\"")]
    [InlineData("logging.logLevel.default", "17", "one of \"trace\", \"debug\"")]
    [InlineData("extensions", "7", "an object")]
    [InlineData("extensions.http", "\"api\"", "an object")]
    [InlineData("extensions.http.routePrefix", "\"a/{b\"", "a path")]
    [InlineData("extensions.http.routePrefix", "{}", "a path")]
    [InlineData("extensions.http.maxConcurrentRequests", "0", "a whole number of at least 1, or -1")]
    [InlineData("extensions.http.maxOutstandingRequests", "\"few\"", "a whole number of at least 1, or -1")]
    [InlineData("extensions.http.customHeaders", "true", "an object")]
    [InlineData("extensions.queues", "[]", "an object")]
    [InlineData("extensions.queues.batchSize", "33", "a whole number from 1 to 32")]
    [InlineData("extensions.queues.batchSize", "\"many\"", "a whole number from 1 to 32")]
    [InlineData("extensions.queues.batchSize", "1.5", "a whole number from 1 to 32")]
    [InlineData("extensions.queues.batchSize", "true", "a whole number from 1 to 32")]
    [InlineData("extensions.queues.batchSize", "[1]", "a whole number from 1 to 32")]
    [InlineData("extensions.queues.newBatchThreshold", "-1", "a whole number of at least 0")]
    [InlineData("extensions.queues.maxDequeueCount", "0", "a whole number of at least 1")]
    [InlineData("extensions.queues.maxPollingInterval", "\"00:00:00.05\"", "a time span of at least 00:00:00.1")]
    [InlineData("extensions.queues.visibilityTimeout", "\"-00:00:01\"", "a time span of at least 00:00:00")]
    [InlineData("extensions.queues.messageEncoding", "\"rot13\"", "one of \"none\", \"base64\"")]
    [InlineData("extensions.durableTask.hubName", "{}", "text")]
    [InlineData("extensions.durableTask.maxConcurrentActivityFunctions", "0", "a whole number of at least 1")]
    public void Read_OfAValueThatIsNotAsExpected_NamesFilePlaceKeyAndWhatIsExpected(string key, string value, string expected)
    {
        var exception = Assert.Throws<InvalidDataException>(() => Read(Document(key, value)));

        var depth = key.Split('.').Length;
        var place = key == "version" ? "1:2" : $"{depth + 1}:{depth + 1}";
        Assert.StartsWith($"{_folder.Combine("host.json")}:{place}: '{key}' must be {expected}", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfSeveralFaults_NamesEach()
    {
        var exception = Assert.Throws<InvalidDataException>(() => Read(
            """{ "version": "3.0", "extensions": { "queues": { "batchSize": 0, "messageEncoding": "hex" } } }"""));

        Assert.Equal(3, exception.Message.Split(Environment.NewLine).Length);
    }

    [Fact]
    public void Read_WithoutAVersion_SaysThatItIsMissing()
    {
        var exception = Assert.Throws<InvalidDataException>(() => Read("""{ "extensions": {} }"""));

        Assert.Equal($"{_folder.Combine("host.json")}: 'version' is missing; it must be \"2.0\".", exception.Message);
    }

    [Theory]
    [InlineData("", 1, 1)]
    [InlineData("{ \"version\": ", 1, 14)]
    [InlineData("{\n  \"version\": \"2.0\"\n  \"functions\": []\n}", 3, 3)]
    [InlineData("{ \"ž\": tru }", 1, 11)]
    [InlineData("{}\n}", 2, 1)]
    public void Read_OfSomethingThatIsNotJson_NamesFileLineAndColumn(string content, int line, int column)
    {
        var exception = Assert.Throws<InvalidDataException>(() => Read(content));

        Assert.StartsWith($"{_folder.Combine("host.json")}:{line}:{column}: not valid JSON.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfAnArray_IsRefused()
    {
        var exception = Assert.Throws<InvalidDataException>(() => Read("[]"));

        Assert.Equal($"{_folder.Combine("host.json")} is not a JSON object.", exception.Message);
    }

    [Fact]
    public void Read_WithAMalformedSetting_NamesTheSettingAndTheKey()
    {
        var exception = Assert.Throws<InvalidDataException>(() => Read(
            """{ "version": "2.0", "extensions": { "queues": { "batchSize": 4 } } }""",
            ("AzureFunctionsJobHost:extensions:queues:batchSize", "99")));

        Assert.Equal(
            "The setting AzureFunctionsJobHost__extensions__queues__batchSize: 'extensions.queues.batchSize' must be a whole number from 1 to 32, and is \"99\".",
            exception.Message);
    }

    [Theory]
    [InlineData("routePrefx")]
    [InlineData("extensions.queues.batchSiz")]
    [InlineData("extensions.http.prefix")]
    [InlineData("extensions.durableTask.hub")]
    [InlineData("extensions.queue")]
    [InlineData("logging.level")]
    public void Read_OfAKeyThatNothingKnows_WarnsAndIgnoresItAsTheRealHostDoes(string key)
    {
        var host = Read(Document(key, "{ \"below\": 1 }"));

        var warning = Assert.Single(host.Warnings);
        Assert.StartsWith(_folder.Combine("host.json") + ":", warning, StringComparison.Ordinal);
        Assert.Contains($"'{key}'", warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("extensionBundle")]
    [InlineData("concurrency")]
    [InlineData("logging.applicationInsights")]
    [InlineData("extensions.http.hsts")]
    [InlineData("extensions.durableTask.storageProvider")]
    [InlineData("extensions.durableTask.tracing")]
    public void Read_OfAKeyThatOnlyTheDeployedHostUses_DoesNotWarn(string key)
    {
        Assert.Empty(Read(Document(key, "{ \"below\": 1 }")).Warnings);
    }

    // Each level on a line of its own, one column further in than its parent.
    private static string Document(string key, string value)
    {
        var names = key.Split('.');
        var opening = string.Join(": {\n", names.Select((name, depth) => $"{new string(' ', depth + (key == "version" ? 0 : 1))}\"{name}\""));
        return (key == "version" ? "{" : "{ \"version\": \"2.0\",\n") + opening + ": " + value + new string('}', names.Length);
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
