namespace FunctionsBroker.Functions.OpenAi.Wire;

/// <summary>Why an answer ended. One that did not end well is an error, so there is one reason.</summary>
internal static class FinishReasons
{
    public const string Stop = "stop";
}
