using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Functions.Http;

/// <summary>Tells whether the key that a request carries opens a function.</summary>
/// <remarks>
/// Keys are compared as digests in constant time. A key that is not known makes the files be read again, at most once a
/// minute, so that a new key needs no restart and a wrong one costs no I/O; both as on the real host.
/// </remarks>
internal sealed partial class FunctionKeys(SecretsFolder folder, TimeProvider time, ILogger<FunctionKeys> logger)
{
    private const string HeaderName = "x-functions-key";
    private const string QueryName = "code";

    private static readonly TimeSpan s_reloadInterval = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private IReadOnlyList<FunctionKey> _keys = folder.ReadKeys();
    private long _loaded = time.GetTimestamp();

    public bool Allow(HttpRequest request, AuthorizationLevel required, string functionName)
    {
        if (required is AuthorizationLevel.Anonymous)
        {
            return true;
        }

        var presented = request.Headers.TryGetValue(HeaderName, out var header) ? header.ToString()
            : request.Query.TryGetValue(QueryName, out var query) ? query.ToString()
            : string.Empty;
        return presented.Length > 0 && (Level(presented, functionName) ?? ReloadedLevel(presented, functionName)) is { } level
            && (level is AuthorizationLevel.Admin || level == required);
    }

    private AuthorizationLevel? ReloadedLevel(string presented, string functionName)
    {
        lock (_gate)
        {
            if (time.GetElapsedTime(_loaded) < s_reloadInterval)
            {
                return null;
            }

            _loaded = time.GetTimestamp();
            try
            {
                _keys = folder.ReadKeys();
            }
            catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                // Being edited, perhaps: the keys that were read last go on opening what they opened.
                LogNotRead(exception);
            }
        }

        return Level(presented, functionName);
    }

    private AuthorizationLevel? Level(string presented, string functionName)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(presented), digest);
        AuthorizationLevel? found = null;
        foreach (var key in _keys)
        {
            // Every key is looked at, so that the time taken does not tell which one came close.
            if (CryptographicOperations.FixedTimeEquals(digest, key.Digest) & key.AppliesTo(functionName))
            {
                found = found is AuthorizationLevel.Admin ? found : key.Level;
            }
        }

        return found;
    }

    [LoggerMessage(EventId = 20, Level = LogLevel.Warning, Message = "The function keys could not be read again")]
    private partial void LogNotRead(Exception exception);
}
