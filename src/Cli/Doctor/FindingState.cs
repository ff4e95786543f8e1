namespace FunctionsBroker.Cli.Doctor;

internal enum FindingState
{
    Good,

    /// <summary>Worth knowing; nothing fails by it.</summary>
    Note,

    /// <summary>The broker does not work without it.</summary>
    Missing,
}
