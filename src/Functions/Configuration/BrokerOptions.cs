using System.ComponentModel.DataAnnotations;
using FunctionsBroker.Access;
using FunctionsBroker.Contracts.Queues;
using FunctionsBroker.Contracts.Usage;

namespace FunctionsBroker.Functions.Configuration;

/// <summary>The settings of the front, section <c>Broker</c>.</summary>
public sealed class BrokerOptions
{
    public const string SectionName = "Broker";

    /// <summary>The address under which session hosts reach this front, without the <c>/api</c> prefix. Required.</summary>
    [Required]
    public Uri? CallbackBaseUrl { get; set; }

    /// <summary>The secret that session hosts show when they call back; at least 16 characters. Required, unless they show an identity.</summary>
    [MinLength(16)]
    public string? CallbackKey { get; set; }

    /// <summary>A second secret that session hosts may show, so that the first can be changed without a gap; at least 16 characters. Default: none.</summary>
    [MinLength(16)]
    public string? SpareCallbackKey { get; set; }

    /// <summary>The secret that the front shows to session hosts; at least 16 characters. Required, unless it shows an identity.</summary>
    [MinLength(16)]
    public string? HostKey { get; set; }

    /// <summary>Identities of front and hosts, in place of the secrets or beside them. Default: none.</summary>
    public IdentityOptions Identity { get; } = new();

    /// <summary>The queues, apart from <c>replies</c>, that a caller may have its replies sent to. Default: none.</summary>
    public IList<string> ReplyQueues { get; } = [];

    /// <summary>
    /// Callers that are told apart by their keys, by name. Default: none, so that every function key opens everything; where there are any,
    /// a key that none of them has opens nothing.
    /// </summary>
    public IDictionary<string, CallerOptions> Callers { get; } = new Dictionary<string, CallerOptions>(StringComparer.Ordinal);

    /// <summary>
    /// The keys that open the OpenAI-compatible calls under <c>/v1</c>; at least 16 characters each. Default: none, so that
    /// these calls are closed.
    /// </summary>
    public IList<string> OpenAiKeys { get; } = [];

    /// <summary>Whether a request under <c>/v1</c> that names no session belongs to the one that its <c>user</c> names. Default: no.</summary>
    public bool OpenAiUserIsSession { get; set; }

    /// <summary>
    /// The origins whose web pages may call <c>/v1</c> (<c>https://chat.example.com</c>), or <c>*</c> for any. Default: none.
    /// </summary>
    public IList<string> OpenAiOrigins { get; } = [];

    /// <summary>
    /// How many turns of all sessions may be open, that is taken and not ended, at one instance of the front: further ones are refused, and
    /// messages wait in their queue. 1 to 100 000. Default 1000.
    /// </summary>
    [Range(1, 100_000)]
    public int MaxOpenTurns { get; set; } = 1000;

    /// <summary>How many turns may wait in one session behind the running one, 0 to 1000. Default 100.</summary>
    [Range(0, 1000)]
    public int MaxWaitingTurns { get; set; } = 100;

    /// <summary>How often a turn is given to a host before it fails, 1 to 10. Default 4.</summary>
    [Range(1, 10)]
    public int MaxAttempts { get; set; } = 4;

    /// <summary>How long a turn may take from its start to its end, waits between attempts included; 10 s to 1 day. Default 15 min.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan TurnLimit { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a session that was configured and is not used is kept, 1 min to 366 days; from its first turn on the host's setting holds, or its own. Default 1 day.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "366.00:00:00")]
    public TimeSpan UnusedSessionTtl { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How long a turn is kept after its creation, 1 day to 366 days, where its session lives that long. Default 30 days.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "366.00:00:00")]
    public TimeSpan TurnRetention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long the sums of a day's usage are kept, 32 days to 10 years. Default 400 days.</summary>
    [Range(typeof(TimeSpan), "32.00:00:00", "3660.00:00:00")]
    public TimeSpan UsageRetention { get; set; } = TimeSpan.FromDays(400);

    /// <summary>How soon a silent host is first asked about a turn, 0.5 s to 1 min; later questions come less often. Default 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.5", "00:01:00")]
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long one call to a session host may take, 1 s to 1 min. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan HostCallTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long the optimistic dispatch waits for the host to say that it has the turn, before the turn is left to its mailbox;
    /// 10 ms to 1 min. Default 250 ms.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan DispatchPatience { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// How long the optimistic dispatch keeps the host's response open to hear how the turn ends; after that the host's callback
    /// tells of it, which may reach another instance of the front. 1 s to 1 h. Default 15 min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan DispatchFollowLimit { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>What may be spent, by the name of the profile. Default: no limits.</summary>
    public IDictionary<string, BudgetOptions> Budgets { get; } = new Dictionary<string, BudgetOptions>(StringComparer.Ordinal);

    /// <summary>How often an event stream says that it is still there while nothing happens, 1 s to 2 min. Default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:02:00")]
    public TimeSpan EventHeartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Every queue that replies may go to.</summary>
    internal IReadOnlyCollection<string> AllReplyQueues =>
        [QueueNames.Replies, .. ReplyQueues];
}

/// <summary>One caller of the API, section <c>Broker:Callers:NAME</c>.</summary>
public sealed class CallerOptions
{
    /// <summary>The function keys that it shows, several so that one can be changed without a gap; at least 16 characters each. Default: none.</summary>
    public IList<string> Keys { get; } = [];

    /// <summary>The keys that it shows to the OpenAI-compatible calls; at least 16 characters each. Default: none.</summary>
    public IList<string> OpenAiKeys { get; } = [];

    /// <summary>With what the ids of the sessions begin that it may use, 1 to 100 characters. Default: it may use all, and make every call.</summary>
    public string? SessionPrefix { get; set; }

    /// <summary>How many of its turns may be open at one instance of the front, 1 to 100 000. Default: as many as of all.</summary>
    public int? MaxOpenTurns { get; set; }
}

/// <summary>What may be spent under one profile, section <c>Broker:Budgets:NAME</c>. A turn that comes when it is spent is refused.</summary>
public sealed class BudgetOptions
{
    /// <summary>What all turns of a period may cost, in US dollars, 0 to 1 000 000. Default: no limit.</summary>
    public decimal? CostUsd { get; set; }

    /// <summary>How often that begins anew. Default: month.</summary>
    public BudgetPeriod Period { get; set; }

    /// <summary>What the turns of one session may cost in all where the session has no budget of its own, in US dollars, 0 to 1 000 000. Default: no limit.</summary>
    public decimal? SessionCostUsd { get; set; }
}
