using FunctionsBroker.Sessions.Admission;

namespace FunctionsBroker.Functions.OpenAi;

/// <summary>The conversation that a request tells: up to its last answer, and what is to be answered now.</summary>
internal sealed class ChatConversation
{
    /// <param name="messages">In the order of the request.</param>
    public ChatConversation(IReadOnlyList<SaidMessage> messages)
    {
        Messages = messages;
        var answered = 0;
        for (var index = 0; index < messages.Count; index++)
        {
            answered = messages[index].Role == ChatRole.Assistant ? index + 1 : answered;
        }

        Told = [.. messages.Take(answered)];
        Asked = [.. messages.Skip(answered)];
    }

    public IReadOnlyList<SaidMessage> Messages { get; }

    /// <summary>What was said up to the last answer; empty where there was none.</summary>
    public IReadOnlyList<SaidMessage> Told { get; }

    /// <summary>What was said since.</summary>
    public IReadOnlyList<SaidMessage> Asked { get; }

    /// <summary>The last answer; null where there was none.</summary>
    public string? LastAnswer => Told.Count == 0 ? null : Told[^1].Text;

    /// <summary>Names the client's instructions, which some clients change from one request to the next.</summary>
    public string InstructionsHash => Hash([], Messages.Where(message => message.Role == ChatRole.Instructions));

    /// <summary>Names what was said up to the last answer, apart from instructions.</summary>
    /// <param name="caller">Whose conversation it is: nobody else's has the same name.</param>
    public string ToldHash(IReadOnlyList<string?> caller) => Hash(caller, Told.Where(IsSaid));

    /// <summary>Names the conversation once it has been answered.</summary>
    public string AnsweredHash(IReadOnlyList<string?> caller, string answer) =>
        Hash(caller, Messages.Where(IsSaid).Append(new SaidMessage(ChatRole.Assistant, answer, [])));

    /// <summary>Names the request.</summary>
    /// <param name="terms">Whatever makes it what it is beside its messages.</param>
    public string RequestHash(IReadOnlyList<string?> terms) => Hash(terms, Messages);

    private static bool IsSaid(SaidMessage message) => message.Role != ChatRole.Instructions;

    // Clients trim what they show, and keep what they have shown.
    private static string Hash(IReadOnlyList<string?> caller, IEnumerable<SaidMessage> messages)
    {
        using var hash = new PartHash();
        foreach (var part in caller)
        {
            hash.Append(part);
        }

        foreach (var message in messages)
        {
            hash.Append(message.Role.ToString());
            hash.Append(message.Text.ReplaceLineEndings("\n").Trim());
            foreach (var attachment in message.Attachments)
            {
                hash.Append(attachment.Data);
            }
        }

        return hash.ToString();
    }
}
