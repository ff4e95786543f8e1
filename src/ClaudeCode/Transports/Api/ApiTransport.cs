using System.Buffers;
using System.Text.Json;
using Anthropic;
using Anthropic.Core;
using Anthropic.Models.Messages;
using FunctionsBroker.ClaudeCode.Exchanges;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.Protocol;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.ClaudeCode.Turns;
using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.ClaudeCode.Transports.Api;

/// <summary>Asks the Messages API itself, without the CLI and without tools, with the conversation's texts as its history.</summary>
/// <remarks>
/// The CLI's transcript is read and never written. What is said here is kept beside it until the CLI has been told of
/// it: see <see cref="UntoldExchanges"/>. The API does not say what a call costs.
/// </remarks>
/// <param name="handler">Shared by all calls; belongs to the caller.</param>
public sealed class ApiTransport(ApiCredentials credentials, HttpMessageHandler handler, TimeProvider time) : ITransport
{
    /// <summary>In a reply that was given without the CLI.</summary>
    public const string WithoutToolsNotice = "The answer was given without the CLI and so without tools.";

    public string Name => ClaudeTransports.Api;

    public async Task<TransportResult> RunAsync(TransportTurn turn, TurnBounds bounds, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(turn);
        ArgumentNullException.ThrowIfNull(bounds);

        if (!credentials.Any)
        {
            return new TransportResult(new TurnOutcome.NotStarted(
                ProblemCatalogue.ModelAuthentication("The transport 'api' needs ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN in the host's environment.")));
        }

        if (await turn.Process.ClearAsync(stopping) is { } problem)
        {
            return new TransportResult(new TurnOutcome.NotStarted(problem));
        }

        turn.Conversation.Folders.Create();
        var untold = await turn.Untold.ReadAsync();
        if (Recovery.Of(turn, untold) is { } recovered)
        {
            return recovered;
        }

        var started = time.GetTimestamp();
        var delivery = await turn.Deliver(turn.Prompt).RunAsync(
            _ => AskAsync(turn, untold, bounds, stopping),
            turn.FirstGeneration,
            mayBeKnown: true);
        return new TransportResult(delivery.Outcome)
        {
            Elapsed = time.GetElapsedTime(started),
            NextGeneration = delivery.NextGeneration,
            Notices = [.. new[] { delivery.Notice, WithoutToolsNotice }.OfType<string>()],
        };
    }

    private async Task<TurnOutcome> AskAsync(TransportTurn turn, IReadOnlyList<Exchange> untold, TurnBounds bounds, CancellationToken stopping)
    {
        var parameters = await DescribeAsync(turn, untold);
        var watch = new ResponseWatch(handler, time);
        using var http = new HttpClient(watch, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        using var client = new AnthropicClient(OptionsFor(http));
        using var idle = new CancellationTokenSource(bounds.Start, time);
        using var max = new CancellationTokenSource(bounds.Max, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, max.Token, stopping);
        var answer = new StreamedAnswer(turn.Observer);
        var started = time.GetTimestamp();
        try
        {
            await foreach (var streamed in client.Messages.CreateStreaming(parameters, stop.Token))
            {
                idle.CancelAfter(bounds.Idle);
                answer.Accept(streamed);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return new TurnOutcome.Failed(stopping.IsCancellationRequested
                ? ProblemCatalogue.Interrupted()
                : ProblemCatalogue.TurnTimedOut(max.IsCancellationRequested ? bounds.Max : bounds.Idle));
        }
        catch (Exception exception) when (ApiProblems.IsFailure(exception))
        {
            return new TurnOutcome.Failed(ApiProblems.Of(exception, watch.RetryAfterSeconds));
        }

        var outcome = answer.End(time.GetElapsedTime(started));
        if (outcome is TurnOutcome.Completed(var completed))
        {
            // Before anybody is told of the answer: the next host looks here for it.
            await turn.Untold.AddAsync(new Exchange
            {
                TurnId = turn.Prompt.TurnId.Value,
                Prompt = turn.Prompt.Text,
                Answer = completed.Text,
            });
        }

        return outcome;
    }

    private static async Task<MessageCreateParams> DescribeAsync(TransportTurn turn, IReadOnlyList<Exchange> untold)
    {
        var profile = turn.Conversation.Profile;
        var history = await turn.Conversation.Transcript.ReadTextsAsync(MessageIds.AllFor(turn.Prompt), CancellationToken.None);
        List<MessageParam> messages =
        [
            .. history.Select(text => text.FromUser ? User(text.Text) : Assistant(text.Text)),
            .. untold.SelectMany(exchange => (MessageParam[])[User(exchange.Prompt), Assistant(exchange.Answer)]),
            new UserMessageParam(ContentOf(turn.Prompt)),
        ];
        var system = string.Join("\n\n", new[] { profile.SystemPrompt, profile.AppendSystemPrompt }.OfType<string>());
        var parameters = new MessageCreateParams
        {
            Model = profile.ApiModel ?? profile.Model ?? throw new InvalidOperationException("The options' validation sees to it that there is a model."),
            MaxTokens = profile.ApiMaxTokens,
            Messages = messages,

            // As the CLI names the conversation.
            Metadata = new Metadata { UserID = $$"""{"session_id":"{{turn.Conversation.ClaudeSessionId:D}}"}""" },
        };
        return system.Length == 0 ? parameters : parameters with { System = system };
    }

    private static MessageContentParam ContentOf(TurnPrompt prompt)
    {
        if (prompt.Attachments.Count == 0)
        {
            return prompt.Text;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            ContentBlocks.Write(writer, prompt);
            writer.WriteEndObject();
        }

        return new MessageContentParam(JsonElement.Parse(buffer.WrittenSpan).GetProperty("content"));
    }

    private static MessageParam User(string text) => new UserMessageParam(text);

    private static MessageParam Assistant(string text) => new AssistantMessageParam(text);

    private ClientOptions OptionsFor(HttpClient http)
    {
        var options = new ClientOptions { HttpClient = http, ApiKey = credentials.ApiKey, AuthToken = credentials.AuthToken, MaxRetries = 0 };
        if (credentials.BaseUrl is { } url)
        {
            options.BaseUrl = url;
        }

        return options;
    }
}
