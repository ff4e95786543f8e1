namespace FunctionsBroker.Cli.Doctor;

/// <summary>One line of the doctor.</summary>
internal sealed record Finding(FindingState State, string Subject, string Text);
