namespace FunctionsBroker.Access;

/// <summary>Identities of Microsoft Entra ID between front and hosts, the section <c>Identity</c> of either. Without an audience there are none.</summary>
public sealed class IdentityOptions
{
    /// <summary>The address of Entra ID. Default: the public cloud's.</summary>
    public Uri Instance { get; set; } = new("https://login.microsoftonline.com/");

    /// <summary>The tenant's id. Needed with an audience.</summary>
    public Guid? TenantId { get; set; }

    /// <summary>The application id URI (<c>api://…</c>) of the app registration that stands for front and hosts. With it, calls carry a token for it.</summary>
    public string? Audience { get; set; }

    /// <summary>The client id of the managed identity that this program runs as. Default: its only one, or what else <c>DefaultAzureCredential</c> finds.</summary>
    public string? ClientId { get; set; }

    /// <summary>The object ids of the identities that may call. With one at least, calls must carry a token; default: none, so that nothing is asked of callers.</summary>
    public IList<Guid> Callers { get; } = [];

    /// <summary>Whether this program's calls carry a token.</summary>
    public bool IsShown => Audience is not null;

    /// <summary>Whether calls to this program must carry a token.</summary>
    public bool IsAsked => Callers.Count > 0;

    /// <param name="section">The name of the section, for messages.</param>
    /// <returns>What is wrong, each with the setting to change.</returns>
    public IEnumerable<string> FindFaults(string section)
    {
        if ((IsShown || IsAsked) && TenantId is null)
        {
            yield return $"{section}:{nameof(TenantId)} is missing; set it to the id of the tenant.";
        }

        if (IsAsked && !IsShown)
        {
            yield return $"{section}:{nameof(Audience)} is missing; set it to the application id URI for which callers get their tokens.";
        }

        if (!Instance.IsAbsoluteUri || !(Instance.Scheme == Uri.UriSchemeHttps || Instance.IsLoopback))
        {
            yield return $"{section}:{nameof(Instance)} must be an absolute https address.";
        }
    }
}
