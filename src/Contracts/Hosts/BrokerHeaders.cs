namespace FunctionsBroker.Contracts.Hosts;

/// <summary>HTTP header names of the calls between the front and the session hosts.</summary>
public static class BrokerHeaders
{
    /// <summary>The secret that the front shows to a host.</summary>
    public const string HostKey = "x-broker-host-key";

    /// <summary>The secret that a host shows to the front's callback.</summary>
    public const string CallbackKey = "x-broker-callback-key";
}
