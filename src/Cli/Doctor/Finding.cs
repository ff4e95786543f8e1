namespace FunctionsBroker.Cli.Doctor;

/// <summary>One line of the doctor.</summary>
internal sealed record Finding(FindingState State, string Subject, string Text);

internal enum FindingState
{
    Good,

    /// <summary>Worth knowing; nothing fails by it.</summary>
    Note,

    /// <summary>The broker does not work without it.</summary>
    Missing,
}
