using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.ClaudeCode.Turns;
using FunctionsBroker.Sessions.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.ClaudeCode.Launch;

/// <summary>Finds out whether a prompt reaches the model as it was written: gives the CLI one that mentions a file and begins with a command.</summary>
/// <remarks>The model is a listener of this program, on the loopback interface: nothing of the check leaves the machine, and it costs nothing.</remarks>
/// <param name="binary">The CLI's path, or its name on the <c>PATH</c>.</param>
/// <param name="environment">This program's own environment, of which an allow-list is passed on.</param>
public sealed class PromptCheck(string binary, IReadOnlyDictionary<string, string> environment, TimeProvider time, ILoggerFactory loggers)
{
    private const string Command = "/cost";
    private const string FileName = "mentioned.txt";

    // A machine that starts thirty at once takes 10 s for each; what takes this long tells nothing.
    private static readonly TurnBounds s_bounds = new(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(5));

    // What would have the CLI ask another model than the listener.
    private static readonly string[] s_elsewhere = ["ANTHROPIC_", "CLAUDE_CODE_USE_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];

    /// <summary>Names what a finding depends on: the CLI's file, the profile, and this program's environment.</summary>
    public string KeyOf(ClaudeProfile profile)
    {
        var found = ProgramPath.Find(binary, environment);
        var file = new FileInfo(File.Exists(found) ? ProgramPath.Resolve(found) : found);
        var parts = JsonSerializer.Serialize(new
        {
            file.FullName,
            Length = file.Exists ? file.Length : 0,
            file.LastWriteTimeUtc,
            Profile = profile,
            Environment = Here(environment).OrderBy(variable => variable.Key, StringComparer.Ordinal),
        });
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(parts)));
    }

    /// <param name="parent">A folder in which the check may have one of its own.</param>
    /// <returns>Null when the model got the prompt and nothing else; otherwise what happened, for a person.</returns>
    public async Task<string?> RunAsync(ClaudeProfile profile, string parent, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(Path.GetFullPath(parent), $"prompt-check-{Guid.NewGuid():N}");
        try
        {
            await using var model = await ListeningModel.StartAsync(cancellationToken);
            return await AskAsync(profile, folder, model, cancellationToken);
        }
        finally
        {
            FolderRemoval.Remove(folder);
        }
    }

    private async Task<string?> AskAsync(ClaudeProfile profile, string folder, ListeningModel model, CancellationToken cancellationToken)
    {
        var folders = new SessionFolders(folder, RouteId.NewRouteId());
        folders.Create();
        var canary = Guid.NewGuid().ToString("N");
        var elsewhere = Path.Combine(folder, FileName);
        await File.WriteAllTextAsync(elsewhere, canary, cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folders.Work, FileName), canary, cancellationToken);
        var launcher = new ClaudeLauncher(binary, Here(environment), users: null, time, loggers.CreateLogger<ClaudeLauncher>());
        var started = await launcher.StartAsync(LaunchOf(profile, folders, model), cancellationToken);
        if (started is not ClaudeLaunchResult.Started(ClaudeProcess process, _))
        {
            return $"It could not be started. {(started as ClaudeLaunchResult.Failed)?.Problem.Detail}";
        }

        await using (process)
        {
            return await AskAsync(process, $"What is in @{FileName} and @{elsewhere}?", canary, model, cancellationToken)
                ?? await AskAsync(process, Command, canary, model, cancellationToken);
        }
    }

    private static async Task<string?> AskAsync(ClaudeProcess process, string prompt, string canary, ListeningModel model, CancellationToken cancellationToken)
    {
        var turn = new TurnPrompt(SessionId.Parse("prompt-check"), TurnId.Parse("1"), prompt);
        var outcome = await process.RunAsync(Guid.NewGuid(), turn, s_bounds, SilentObserver.Instance, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return outcome switch
        {
            _ when model.Bodies.Any(body => body.Contains(canary, StringComparison.Ordinal)) => "It attached a file that the prompt only named.",
            _ when model.Bodies.Any(body => body.Contains(prompt, StringComparison.Ordinal)) => null,
            TurnOutcome.Completed => "It answered without asking the model: it took the prompt for a command of its own.",
            TurnOutcome.Failed(var problem) => $"Its request did not arrive at {model.Address}. {problem.Detail}",
            _ => $"Its request did not arrive at {model.Address}.",
        };
    }

    private static ClaudeLaunch LaunchOf(ClaudeProfile profile, SessionFolders folders, ListeningModel model) => new()
    {
        Folders = folders,
        ClaudeSessionId = Guid.NewGuid(),
        HasHistory = false,
        Profile = profile with
        {
            McpServers = new Dictionary<string, McpServer>(),
            McpConfigFiles = [],
            TranscriptLink = null,
            Sandbox = SandboxMode.None,
            ExtraEnvironment = new Dictionary<string, string>(Here(profile.ExtraEnvironment))
            {
                ["ANTHROPIC_BASE_URL"] = model.Address,
                ["ANTHROPIC_API_KEY"] = "prompt-check",
                ["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"] = "1",
            },
        },
    };

    private static Dictionary<string, string> Here(IReadOnlyDictionary<string, string> variables) =>
        variables
            .Where(variable => !s_elsewhere.Any(prefix => variable.Key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            .ToDictionary(StringComparer.Ordinal);

    /// <summary>Takes requests to the Messages API, and refuses each.</summary>
    private sealed class ListeningModel : IAsyncDisposable
    {
        private const string Refusal = """{"type":"error","error":{"type":"invalid_request_error","message":"This is a check of the prompt."}}""";

        private readonly ConcurrentBag<string> _bodies = [];
        private readonly WebApplication _server;

        private ListeningModel()
        {
            var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
            builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
            _server = builder.Build();
            _server.Run(RefuseAsync);
        }

        public string Address => _server.Urls.Single();

        public IEnumerable<string> Bodies => _bodies;

        public static async Task<ListeningModel> StartAsync(CancellationToken cancellationToken)
        {
            var model = new ListeningModel();
            await model._server.StartAsync(cancellationToken);
            return model;
        }

        public ValueTask DisposeAsync() => _server.DisposeAsync();

        private async Task RefuseAsync(HttpContext context)
        {
            using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
            _bodies.Add(await reader.ReadToEndAsync(context.RequestAborted));
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(Refusal, context.RequestAborted);
        }
    }
}
