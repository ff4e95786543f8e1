using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.RegularExpressions;
using FunctionsBroker.Access;
using FunctionsBroker.Functions.Configuration;
using FunctionsBroker.Infra.Tests.Bicep;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Infra.Tests.Settings;

/// <summary>Every setting that the modules make is read, and every required one is made.</summary>
public sealed partial class SettingsTests(InfraFixture infra)
{
    private static readonly Type s_hostOptions =
        Assembly.Load("FunctionsBroker.SessionHost").GetType("FunctionsBroker.SessionHost.Options.SessionHostOptions", throwOnError: true)!;

    // Read by the Functions host, which is not part of this repository.
    private static readonly string[] s_ofThePlatform =
    [
        "APPLICATIONINSIGHTS_CONNECTION_STRING", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "AzureWebJobsDisableHomepage",
    ];

    [Fact]
    public void FrontSettings_AreRead() =>
        Assert.DoesNotContain(Names(DeclaredSetting.OfFront(infra.Tree)), name => !IsRead(name));

    [Fact]
    public void HostSettings_AreRead() =>
        Assert.DoesNotContain(Names(DeclaredSetting.OfHost(infra.Tree)), name => !IsRead(name));

    [Theory]
    [InlineData("Broker__CallbackKay")]
    [InlineData("Host__Nothing")]
    [InlineData("Host__Identity__Nothing")]
    [InlineData("AzureWebJobsStorage__fileServiceUri")]
    [InlineData("SOMETHING_ELSE")]
    public void SettingThatNobodyReads_IsFound(string name) => Assert.False(IsRead(name));

    [Fact]
    public void RequiredFrontSettings_AreMade() =>
        Assert.Empty(RequiredOf(typeof(BrokerOptions), "Broker").Union(["Broker__HostKey", "Broker__CallbackKey"]).Except(Names(DeclaredSetting.OfFront(infra.Tree))));

    [Fact]
    public void RequiredHostSettings_AreMade()
    {
        var required = RequiredOf(s_hostOptions, "Host").ToList();

        Assert.Contains("Host__WorkPath", required);
        Assert.Empty(required.Union(["Host__HostKey", "Host__CallbackKey"]).Except(Names(DeclaredSetting.OfHost(infra.Tree))));
    }

    [Fact]
    public void StorageConnections_NameWhatTheProgramsUse()
    {
        // Durable on Azure Storage asks for all three services of an identity-based connection.
        string[] parts = ["credential", "clientId", "blobServiceUri", "queueServiceUri", "tableServiceUri"];
        Assert.Superset(parts.Select(part => $"AzureWebJobsStorage__{part}").ToHashSet(), Names(DeclaredSetting.OfFront(infra.Tree)).ToHashSet());

        // A host sends no messages, and its identity may not.
        Assert.Equal(
            parts.Where(part => part != "queueServiceUri").Select(part => $"AzureWebJobsStorage__{part}"),
            Names(DeclaredSetting.OfHost(infra.Tree)).Where(name => name.StartsWith("AzureWebJobsStorage__", StringComparison.Ordinal)));
    }

    [Fact]
    public void Secrets_ComeFromTheVaultOnly()
    {
        string[] secret = ["Broker__CallbackKey", "Broker__SpareCallbackKey", "Broker__HostKey", "Broker__OpenAiKeys__0"];
        var front = DeclaredSetting.OfFront(infra.Tree).Where(setting => secret.Contains(setting.Name)).ToList();

        Assert.Equal(4, front.Count);
        Assert.All(front, setting => Assert.StartsWith("'@Microsoft.KeyVault(SecretUri=${", setting.Value!.Text, StringComparison.Ordinal));

        var hosts = DeclaredSetting.OfHost(infra.Tree).Where(setting => setting.Name.EndsWith("Key", StringComparison.Ordinal) || setting.Name == "(modelCredentialVariable)").ToList();
        Assert.Equal(4, hosts.Count);
        Assert.All(hosts, setting => Assert.NotNull(setting.Secret));
        var held = infra.Tree["app/host.bicep"].Variable("secrets").Value!.Children;
        Assert.Equal(hosts.Select(setting => setting.Secret).Order(), held.Select(item => item.Member("name")!.Literal).Order());
        Assert.All(held, item => Assert.Null(item.Member("value")));
    }

    [Fact]
    public void ModelCredential_ReachesTheCli()
    {
        // The CLI gets the host's variables of these names, and no others (ClaudeEnvironment).
        var variable = infra.Tree["main.bicep"].Find(Declaration.Parameter, "modelCredentialVariable")!.Value!.Literal!;

        Assert.StartsWith("ANTHROPIC_", variable, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("host.json", "AzureStorage")]
    [InlineData("host.DurableTaskScheduler.json", "azureManaged")]
    public void HostJson_OfEachBackEnd_SaysTheSameButForTheBackEnd(string file, string type)
    {
        var text = File.ReadAllText(RepositoryRoot.Combine("src", "Functions", file));
        var other = File.ReadAllText(RepositoryRoot.Combine("src", "Functions", "host.json"));

        Assert.Contains($"\"type\": \"{type}\"", text, StringComparison.Ordinal);
        Assert.Equal(StorageProvider().Replace(other, ""), StorageProvider().Replace(text, ""));
        Assert.Contains($"\"hubName\": {infra.Tree["main.bicep"].Variable("taskHubName").Value!.Text.Replace('\'', '"')}", text, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Names(IEnumerable<DeclaredSetting> settings) => settings.Select(setting => setting.Name);

    private static bool IsRead(string name) => name.Split("__") switch
    {
        ["Broker" or "Host", "Identity", var option, ..] => typeof(IdentityOptions).GetProperty(option) is not null,
        ["Broker", var option, ..] => typeof(BrokerOptions).GetProperty(option) is not null,
        ["Host", var option, ..] => s_hostOptions.GetProperty(option) is not null,
        _ when s_ofThePlatform.Contains(name) => true,
        ["AzureWebJobsStorage", var part] => Source("src/Storage/StorageConnection.cs").Contains(
            part.EndsWith("ServiceUri", StringComparison.Ordinal) ? $"ServiceUri(\"{part[..^"ServiceUri".Length]}\")" : $"[\"{part}\"]", StringComparison.Ordinal),
        ["(modelCredentialVariable)"] => true,
        [var setting] => Source("src/Functions/host.DurableTaskScheduler.json").Contains($"\"{setting}\"", StringComparison.Ordinal),
        _ => false,
    };

    private static IEnumerable<string> RequiredOf(Type options, string section)
    {
        var defaults = Activator.CreateInstance(options)!;
        return options.GetProperties()
            .Where(property => property.GetCustomAttribute<RequiredAttribute>() is not null && property.GetValue(defaults) is null or "")
            .Select(property => $"{section}__{property.Name}");
    }

    private static string Source(string path) => File.ReadAllText(RepositoryRoot.Combine(path));

    [GeneratedRegex("\"storageProvider\": \\{[^}]*\\}")]
    private static partial Regex StorageProvider();
}
