namespace FunctionsBroker.Local.Storage.Accounts;

/// <summary>Finds names in service addresses, which come in two styles.</summary>
internal static class AccountNames
{
    /// <summary>
    /// True if the account is the first path segment (<c>http://127.0.0.1:10002/account</c>, the emulator) and not the
    /// first label of the host name (<c>https://account.table.core.windows.net</c>).
    /// </summary>
    public static bool IsPathStyle(Uri endpoint) => endpoint.HostNameType != UriHostNameType.Dns || endpoint.IsLoopback;

    /// <summary>The account's name, or null where the address holds none.</summary>
    public static string? AccountOf(Uri endpoint)
    {
        if (IsPathStyle(endpoint))
        {
            return Segment(endpoint, 0);
        }

        var dot = endpoint.Host.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 ? endpoint.Host[..dot] : null;
    }

    /// <summary>The first path segment after the account: a table's or a queue's name; null where there is none.</summary>
    public static string? ResourceOf(Uri address) => Segment(address, IsPathStyle(address) ? 1 : 0);

    private static string? Segment(Uri address, int index)
    {
        var segments = address.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return segments.Length > index ? Uri.UnescapeDataString(segments[index]) : null;
    }
}
