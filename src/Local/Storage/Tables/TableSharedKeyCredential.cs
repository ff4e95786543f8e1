#nullable disable annotations // As the published package's: its members are oblivious.

using FunctionsBroker.Local.Storage.Accounts;

namespace Azure.Data.Tables;

/// <summary>An account's name and key.</summary>
public class TableSharedKeyCredential
{
    /// <param name="accountKey">The key in base64.</param>
    public TableSharedKeyCredential(string accountName, string accountKey)
    {
        ArgumentException.ThrowIfNullOrEmpty(accountName);
        ArgumentException.ThrowIfNullOrEmpty(accountKey);
        AccountName = accountName;
        Key = new AccountKey(accountKey);
    }

    public string AccountName { get; }

    internal AccountKey Key { get; }

    /// <summary>Replaces the key; requests in flight may still use the old one.</summary>
    public void SetAccountKey(string accountKey) => Key.Replace(accountKey);
}
