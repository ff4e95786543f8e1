using Microsoft.Extensions.DependencyInjection;

namespace FunctionsBroker.Functions.OpenAi;

internal static class OpenAiServiceCollectionExtensions
{
    /// <summary>Adds what the OpenAI-compatible calls need.</summary>
    public static IServiceCollection AddOpenAi(this IServiceCollection services) =>
        services
            .AddSingleton<ModelCatalogue>()
            .AddSingleton<ChatTurns>()
            .AddSingleton<ChatPresence>()
            .AddSingleton<ChatCompleter>()
            .AddSingleton<ChatStreamer>();
}
