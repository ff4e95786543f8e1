using Azure;
using FunctionsBroker.Sessions.Errors;

namespace FunctionsBroker.Storage.Tables;

/// <summary>Turns the service's three ways of saying "somebody was first" into one exception.</summary>
internal static class TableConflicts
{
    private const int NotFound = 404;
    private const int Conflict = 409;
    private const int PreconditionFailed = 412;

    public static bool IsConflict(RequestFailedException exception) =>
        exception.Status is NotFound or Conflict or PreconditionFailed && exception.ErrorCode != "TableNotFound";

    public static ConcurrencyConflictException ToConflict(
        RequestFailedException exception,
        string table,
        string partition,
        string row,
        string? heldETag) =>
        new($"{table}/{partition}/{row}", heldETag, exception);
}
