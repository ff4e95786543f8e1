namespace FunctionsBroker.Local.Storage.Accounts;

/// <summary>A service's base address, split so that requests are addressed by appending strings.</summary>
internal sealed class ServiceEndpoint
{
    public ServiceEndpoint(Uri address, string? signature = null)
    {
        Base = address.GetLeftPart(UriPartial.Path).TrimEnd('/');
        var query = address.Query.TrimStart('?');
        Query = string.IsNullOrEmpty(signature) ? query : query.Length == 0 ? signature : $"{query}&{signature}";
        Account = AccountNames.AccountOf(address);
    }

    /// <summary>Scheme, authority and path without a trailing slash.</summary>
    public string Base { get; }

    /// <summary>What every request's query must hold (a SAS given as part of the address), or empty.</summary>
    public string Query { get; }

    /// <summary>The account's name as the address tells it, or null.</summary>
    public string? Account { get; }

    /// <summary>
    /// The address of a resource. <paramref name="path"/> begins with a slash and is already escaped;
    /// <paramref name="query"/> is without a leading question mark, already escaped, or empty.
    /// </summary>
    public Uri Combine(string path, string query)
    {
        if (Query.Length == 0)
        {
            return new Uri(query.Length == 0 ? Base + path : $"{Base}{path}?{query}");
        }

        return new Uri(query.Length == 0 ? $"{Base}{path}?{Query}" : $"{Base}{path}?{query}&{Query}");
    }
}
