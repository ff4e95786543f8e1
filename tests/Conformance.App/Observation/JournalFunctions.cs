using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsBroker.Conformance.App.Observation;

public sealed class JournalFunctions(Journal journal)
{
    [Function("ReadJournal")]
    public IResult Read([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "journal/{topic}")] HttpRequest request, string topic) =>
        Results.Json(journal.Read(topic), statusCode: request.HttpContext.Response.StatusCode);
}
