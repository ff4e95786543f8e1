namespace Microsoft.Azure.Functions.Worker;

/// <summary>The key that a request to an HTTP function must carry.</summary>
public enum AuthorizationLevel
{
    /// <summary>No key.</summary>
    Anonymous,

    /// <summary>A signed-in user. Not supported by the real host any more, nor here.</summary>
    User,

    /// <summary>A key of the function, a host key, or the master key.</summary>
    Function,

    /// <summary>A system key, or the master key.</summary>
    System,

    /// <summary>The master key.</summary>
    Admin,
}
