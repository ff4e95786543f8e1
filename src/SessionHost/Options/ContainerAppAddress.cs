namespace FunctionsBroker.SessionHost.Options;

/// <summary>The address of a host that runs in Azure Container Apps.</summary>
internal static class ContainerAppAddress
{
    /// <summary>The variable in which Container Apps tells a container its revision's own name.</summary>
    /// <remarks>
    /// Not the app's name: while a revision takes another's place, that name leads to either of the two, and each is a host
    /// of its own. https://learn.microsoft.com/azure/container-apps/environment-variables
    /// </remarks>
    public const string Variable = "CONTAINER_APP_HOSTNAME";

    /// <returns>Null outside of Container Apps.</returns>
    public static Uri? Find(IConfiguration configuration) =>
        configuration[Variable] is { Length: > 0 } name ? new Uri($"https://{name}") : null;
}
