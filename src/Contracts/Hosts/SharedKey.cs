namespace FunctionsBroker.Contracts.Hosts;

/// <summary>A secret that callers show, and a spare one that counts as much while the first is being changed.</summary>
public sealed class SharedKey
{
    private readonly KeySet _keys;

    /// <param name="key">The secret.</param>
    /// <param name="spare">The spare one; null or empty for none.</param>
    public SharedKey(string key, string? spare)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);

        _keys = new KeySet(string.IsNullOrEmpty(spare) ? [key] : [key, spare]);
    }

    /// <summary>Whether what a caller shows is one of the two; see <see cref="KeySet.Matches"/>.</summary>
    public bool Matches(string? shown) => _keys.Matches(shown);
}
