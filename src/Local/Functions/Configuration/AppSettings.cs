using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace FunctionsBroker.Local.Functions.Configuration;

/// <summary>The app's settings as bindings use them.</summary>
internal sealed partial class AppSettings(IConfiguration configuration)
{
    private const string DefaultConnection = "AzureWebJobsStorage";

    /// <summary>Returns a setting; null when it is missing.</summary>
    public string? Find(string name) => configuration[ToKey(name)];

    /// <summary>Replaces each <c>%Setting%</c> of a binding's text by the setting's value.</summary>
    /// <exception cref="InvalidOperationException">A setting is missing.</exception>
    public string Resolve(string text) => Expression().Replace(text, match =>
        Find(match.Groups[1].Value)
        ?? throw new InvalidOperationException($"'{text}' needs the setting '{match.Groups[1].Value}', which is missing."));

    /// <summary>Finds a storage connection: <c>AzureWebJobs{name}</c>, <c>{name}</c>, then the connection string of that name.</summary>
    /// <exception cref="InvalidOperationException">There is none, or it cannot be used.</exception>
    public StorageAccess GetStorage(string? name)
    {
        var wanted = string.IsNullOrEmpty(name) ? DefaultConnection : Resolve(name);
        foreach (var key in (string[])[$"AzureWebJobs{wanted}", wanted])
        {
            var section = configuration.GetSection(ToKey(key));
            if (!string.IsNullOrEmpty(section.Value))
            {
                return new StorageAccess.ByConnectionString(section.Value);
            }

            if (section.GetChildren().Any())
            {
                return StorageAccess.ByIdentity.Read(key, section);
            }
        }

        return configuration.GetConnectionString(wanted) is { Length: > 0 } text
            ? new StorageAccess.ByConnectionString(text)
            : throw new InvalidOperationException($"The storage connection string '{wanted}' is missing or empty.");
    }

    private static string ToKey(string name) => name.Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal);

    [GeneratedRegex("%([^%]+)%")]
    private static partial Regex Expression();
}
