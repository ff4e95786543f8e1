namespace FunctionsBroker.Sessions.Identity;

public static class ProfileNames
{
    /// <summary>What a session runs under when nobody says otherwise; every host has it.</summary>
    public const string Default = "default";
}
