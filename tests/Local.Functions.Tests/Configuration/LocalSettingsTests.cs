using FunctionsBroker.Local.Functions.Configuration;
using FunctionsBroker.Local.Functions.Discovery;
using FunctionsBroker.TestKit;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;

namespace FunctionsBroker.Local.Functions.Tests.Configuration;

public sealed class LocalSettingsTests : IDisposable
{
    private readonly TempDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_WithoutAFile_IsEmpty()
    {
        Assert.Empty(LocalSettings.Read(_folder.Path));
    }

    [Fact]
    public void Builder_WithAFile_HasItsValuesBelowTheEnvironmentAndTheCommandLine()
    {
        Write("""
            {
              "IsEncrypted": false,
              "Values": { "Plain": "file", "Broker__Nested": "nested", "PATH": "file", "Given": "file" },
              "ConnectionStrings": { "Named": "from the file" },
              "Host": { "LocalHttpPort": 7099, "CORS": "*" } // for func start
            }
            """);

        var builder = FunctionsApplication.CreateBuilder([$"--contentRoot={_folder.Path}", "--Given=argument"], FunctionSource.Of());

        Assert.Equal("file", builder.Configuration["Plain"]);
        Assert.Equal("nested", builder.Configuration["Broker:Nested"]);
        Assert.Equal(Environment.GetEnvironmentVariable("PATH"), builder.Configuration["PATH"]);
        Assert.Equal("argument", builder.Configuration["Given"]);
        Assert.Equal("from the file", builder.Configuration.GetConnectionString("Named"));
        Assert.Equal("http://127.0.0.1:7099", builder.Configuration["urls"]);
    }

    [Theory]
    [InlineData("http://127.0.0.1:7071")]
    [InlineData("http://127.0.0.1:5001", "--port=5001")]
    [InlineData("http://localhost:5002", "--port=5001", "--urls=http://localhost:5002")]
    public void Builder_ByCommandLine_ListensWhereItSays(string urls, params string[] args)
    {
        var builder = FunctionsApplication.CreateBuilder([$"--contentRoot={_folder.Path}", .. args], FunctionSource.Of());

        Assert.Equal(urls, builder.Configuration["urls"]);
    }

    [Theory]
    [InlineData("""{ "Values": [ "hidden-value" ] }""", "Values")]
    [InlineData("""{ "Values": { "List": [ "hidden-value" ] } }""", "Values.List")]
    [InlineData("""{ "Host": { "LocalHttpPort": "hidden-value" } }""", "Host.LocalHttpPort")]
    [InlineData("""{ "IsEncrypted": true }""", "IsEncrypted")]
    [InlineData("""{ "Values": { "A": """, "not valid JSON")]
    [InlineData("[]", "JSON object")]
    [InlineData("""{ "Values": { "Nested": { "Secret": "hidden-value" } } }""", "Values.Nested")]
    [InlineData("""{ "IsEncrypted": true, "Values": { "A": "hidden-value" } }""", "IsEncrypted")]
    public void Read_OfAMalformedFile_NamesFileAndKeyButNoValue(string content, string key)
    {
        Write(content);

        var exception = Assert.Throws<InvalidDataException>(() => LocalSettings.Read(_folder.Path));

        Assert.Contains(_folder.Combine("local.settings.json"), exception.Message, StringComparison.Ordinal);
        Assert.Contains(key, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden-value", exception.Message, StringComparison.Ordinal);
    }

    private void Write(string content) => File.WriteAllText(_folder.Combine("local.settings.json"), content);
}
