using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Sessions;
using FunctionsBroker.Functions.Http;
using Microsoft.AspNetCore.Http;

namespace FunctionsBroker.Functions.Sessions;

/// <summary>How sessions look as HTTP answers.</summary>
internal static class SessionResults
{
    public static IResult Session(SessionResource session, int status = StatusCodes.Status200OK, string? location = null) =>
        new JsonResult<SessionResource>(session, ContractsJsonContext.Default.SessionResource, status, location);
}
