using FunctionsBroker.Local.Functions.Tests.Harness;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Local.Functions.Tests.Hosting;

/// <summary>What somebody reads whose app does not start.</summary>
public sealed class StartFailureTests
{
    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData("host.json", """{ "version": "2.0", "extensions": { "queues": { "batchSize": "many" } } }""", "host.json:1:49: 'extensions.queues.batchSize' must be a whole number from 1 to 32, and is \"many\".")]
    [InlineData("host.json", "{ \"version\": \"2.0\",\n  'a': 1 }", "host.json:2:3: not valid JSON. ''' is an invalid start of a property name. Expected a '\"'.")]
    [InlineData("local.settings.json", """{ "IsEncrypted": true }""", "local.settings.json:1:3: 'IsEncrypted' is true;")]
    [InlineData("local.settings.json", """{ "Values": { "Schedule": "0 61 * * * *" } }""", "Function 'Scheduled' (FunctionsBroker.FunctionsApp.GatedFunctions.Scheduled): the schedule of '%Schedule%' '0 61 * * * *' is neither an NCRONTAB expression nor a time span")]
    [InlineData("local.settings.json", """{ "Values": { "Source": "No_Queue" } }""", "'no_queue' is no queue name")]
    [InlineData("local.settings.json", """{ "Values": { "AzureWebJobsStorage": "" } }""", "The storage connection string 'AzureWebJobsStorage' is missing or empty.")]
    [InlineData("local.settings.json", """{ "Values": { "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT": "1 MB" } }""", "The setting FUNCTIONS_REQUEST_BODY_SIZE_LIMIT must be a number of bytes")]
    public async Task App_WithAFault_EndsWithOneReadableMessageAndNoStackTrace(string file, string content, string message)
    {
        using var folder = new TempDirectory();
        await File.WriteAllTextAsync(folder.Combine(file), content, TestContext.Current.CancellationToken);

        // What the file does not say is as it should be; what the environment says would win over it.
        (string Name, string Value)[] settings = [("Source", "in-queue"), ("Schedule", "0 0 * * * *"), ("AzureWebJobsStorage", "UseDevelopmentStorage=true")];
        await using var app = AppProcess.Start(
            folder, [.. settings.Where(setting => !content.Contains($"\"{setting.Name}\"", StringComparison.Ordinal))]);
        var (code, errors) = await app.ExitedAsync();

        Assert.Equal(1, code);
        Assert.StartsWith("The app cannot start.", errors, StringComparison.Ordinal);
        Assert.Contains(message, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", errors, StringComparison.Ordinal);
    }
}
