using System.Text;
using System.Text.Json;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Sessions.Admission;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.SessionHost.Api;

/// <summary>Reads and checks the body that asks for a turn.</summary>
internal static class HostTurnRequestReader
{
    /// <returns>The request, or what is wrong with it: exactly one of the two.</returns>
    public static async Task<(HostTurnRequest? Request, Problem? Problem)> ReadAsync(HttpRequest body, CancellationToken cancellationToken)
    {
        HostTurnRequest? request;
        try
        {
            request = await JsonSerializer.DeserializeAsync(body.Body, ContractsJsonContext.Default.HostTurnRequest, cancellationToken);
        }
        catch (JsonException exception)
        {
            return (null, ProblemCatalogue.InvalidJson(exception.Message));
        }

        return Check(request) is { } problem ? (null, problem) : (request, null);
    }

    private static Problem? Check(HostTurnRequest? request) =>
        request switch
        {
            null => ProblemCatalogue.InvalidJson("The body is null."),
            _ when !TurnId.TryParse(request.TurnId, out _) => ProblemCatalogue.InvalidTurnId(),
            { Command: null } when string.IsNullOrWhiteSpace(request.Prompt) => ProblemCatalogue.PromptEmpty(),
            _ when Encoding.UTF8.GetByteCount(request.Prompt) > TurnLimits.MaxPromptBytes => ProblemCatalogue.PromptTooLarge(TurnLimits.MaxPromptBytes),
            { Epoch: < 0 } => ProblemCatalogue.InvalidRequest("The epoch is negative."),
            { Attempt: < 1 } => ProblemCatalogue.InvalidRequest("Attempts are counted from 1."),
            { CallbackUrl: not { IsAbsoluteUri: true, Scheme: "http" or "https" } } =>
                ProblemCatalogue.InvalidRequest("The callbackUrl is not an absolute http or https address."),
            _ => null,
        };
}
