using Microsoft.AspNetCore.Http;
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
