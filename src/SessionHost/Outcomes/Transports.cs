namespace FunctionsBroker.SessionHost.Outcomes;

/// <summary>The names of the ways in which a prompt gets to the model.</summary>
internal static class Transports
{
    public const string StreamJson = "stream-json";
}
