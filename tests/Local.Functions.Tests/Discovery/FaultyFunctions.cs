using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace FunctionsBroker.Local.Functions.Tests.Discovery;

/// <summary>Functions that no app may have, one fault each.</summary>
internal static class FaultyFunctions
{
    internal static class NoTrigger
    {
        [Function("NoTriggerFunction")]
        public static void Run()
        {
        }
    }

    internal static class TwoTriggers
    {
        [Function("TwoTriggersFunction")]
        public static void Run([TimerTrigger("* * * * *")] TimerInfo timer, [QueueTrigger("q")] string text)
        {
        }
    }

    internal static class SameNames
    {
        [Function("Same")]
        public static void First([TimerTrigger("* * * * *")] TimerInfo timer)
        {
        }

        [Function("SAME")]
        public static void Second([TimerTrigger("* * * * *")] TimerInfo timer)
        {
        }
    }

    internal static class SameRoutes
    {
        [Function("First")]
        public static IResult First([HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "things/{id}")] HttpRequest request) => Results.Ok();

        [Function("Second")]
        public static IResult Second([HttpTrigger(AuthorizationLevel.Anonymous, "put", "GET", Route = "things/{name}")] HttpRequest request) => Results.Ok();
    }

    internal static class MalformedRoute
    {
        [Function("MalformedRouteFunction")]
        public static IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "things/{id")] HttpRequest request) => Results.Ok();
    }

    internal static class UnknownConstraint
    {
        [Function("UnknownConstraintFunction")]
        public static IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "things/{id:telepathic}")] HttpRequest request) => Results.Ok();
    }

    internal static class MalformedQueueName
    {
        [Function("MalformedQueueNameFunction")]
        public static void Run([QueueTrigger("No_Queue")] string text)
        {
        }
    }

    internal static class BracedQueueName
    {
        [Function("BracedQueueNameFunction")]
        [QueueOutput("{queueTrigger}-out")]
        public static string Run([QueueTrigger("in-queue")] string text) => text;
    }

    internal static class MissingSetting
    {
        [Function("MissingSettingFunction")]
        public static void Run([QueueTrigger("%Nowhere%")] string text)
        {
        }
    }

    internal static class MalformedConnection
    {
        [Function("MalformedConnectionFunction")]
        public static void Run([QueueTrigger("in-queue", Connection = "Broken")] string text)
        {
        }
    }

    internal static class UnknownTrigger
    {
        [Function("UnknownTriggerFunction")]
        public static void Run([Telepathy] string text)
        {
        }
    }

    internal static class UnknownInput
    {
        [Function("UnknownInputFunction")]
        public static void Run([TimerTrigger("* * * * *")] TimerInfo timer, [Intuition] string text)
        {
        }
    }

    internal static class UnknownOutput
    {
        [Function("UnknownOutputFunction")]
        [Prophecy]
        public static string Run([TimerTrigger("* * * * *")] TimerInfo timer) => "";
    }

    internal static class OutputOfEntity
    {
        [Function("OutputOfEntityFunction")]
        [QueueOutput("q")]
        public static Task<string> RunAsync([EntityTrigger] TaskEntityDispatcher dispatcher) => Task.FromResult("");
    }

    internal static class UnboundParameter
    {
        [Function("UnboundParameterFunction")]
        public static void Run([TimerTrigger("* * * * *")] TimerInfo timer, Uri nothing)
        {
        }
    }

    internal static class WrongDurableClient
    {
        [Function("WrongDurableClientFunction")]
        public static void Run([TimerTrigger("* * * * *")] TimerInfo timer, [DurableClient] string client)
        {
        }
    }

    internal static class PlainResult
    {
        [Function("PlainResultFunction")]
        public static Task<string> RunAsync([HttpTrigger] HttpRequest request) => Task.FromResult("dropped by the real worker");
    }

    internal static class UserLevel
    {
        [Function("UserLevelFunction")]
        public static IResult Run([HttpTrigger(AuthorizationLevel.User)] HttpRequest request) => Results.Ok();
    }

    internal static class WrongRequest
    {
        [Function("WrongRequestFunction")]
        public static IResult Run([HttpTrigger] HttpContext context) => Results.Ok();
    }

    internal static class HeaderOfMvc
    {
        [Function("HeaderOfMvcFunction")]
        public static IResult Run([HttpTrigger] HttpRequest request, [FromHeader] string accept) => Results.Text(accept);
    }

    internal static class BodyOfMvc
    {
        [Function("BodyOfMvcFunction")]
        public static IResult Run([HttpTrigger] HttpRequest request, [FromBody] string text) => Results.Text(text);
    }

    internal static class RenamedQuery
    {
        [Function("RenamedQueryFunction")]
        public static IResult Run([HttpTrigger] HttpRequest request, [FromQuery(Name = "p")] int page) => Results.Text($"{page}");
    }

    internal static class WithRetry
    {
        [Function("WithRetryFunction")]
        [Retry]
        public static void Run([TimerTrigger("* * * * *")] TimerInfo timer)
        {
        }
    }

    internal static class NotPublic
    {
        [Function("NotPublicFunction")]
        internal static void Run([TimerTrigger("* * * * *")] TimerInfo timer)
        {
        }
    }

    internal sealed class TelepathyAttribute : TriggerBindingAttribute;

    internal sealed class IntuitionAttribute : InputBindingAttribute;

    internal sealed class ProphecyAttribute : OutputBindingAttribute;

    internal sealed class RetryAttribute : Microsoft.Azure.Functions.Worker.RetryAttribute;
}
