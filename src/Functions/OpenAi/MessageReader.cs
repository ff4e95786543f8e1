using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.OpenAi.Wire;

namespace FunctionsBroker.Functions.OpenAi;

/// <summary>Reads the messages of one request.</summary>
internal sealed class MessageReader
{
    private readonly List<SaidMessage> _messages = [];
    private int _attachments;

    private MessageReader()
    {
    }

    private ChatReading.Invalid? Fault { get; set; }

    /// <returns>What was said, or what is wrong with it.</returns>
    public static (IReadOnlyList<SaidMessage> Messages, ChatReading.Invalid? Fault) Read(IReadOnlyList<ChatMessage?> messages)
    {
        var reader = new MessageReader();
        for (var index = 0; index < messages.Count && reader.Fault is null; index++)
        {
            reader.Add(messages[index], string.Create(CultureInfo.InvariantCulture, $"messages[{index}]"));
        }

        return (reader._messages, reader.Fault);
    }

    private void Add(ChatMessage? message, string place)
    {
        ChatRole? role = message?.Role switch
        {
            "system" or "developer" => ChatRole.Instructions,
            "user" => ChatRole.User,
            "assistant" => ChatRole.Assistant,
            "tool" or "function" => ChatRole.Tool,
            _ => null,
        };
        if (message is null || role is null)
        {
            Refuse(ProblemCatalogue.InvalidRequest("A message's role is system, developer, user, assistant, tool or function."), $"{place}.role");
            return;
        }

        var texts = new List<string>();
        var attachments = new List<Attachment>();
        foreach (var (part, at) in (message.Content ?? []).Select((part, index) => (part, string.Create(CultureInfo.InvariantCulture, $"{place}.content[{index}]"))))
        {
            Add(part, at, texts, attachments);
        }

        if (message.Refusal is { } refusal)
        {
            texts.Add(refusal);
        }

        _messages.Add(new SaidMessage(role.Value, string.Join('\n', texts), attachments));
    }

    private void Add(ContentPart? part, string place, List<string> texts, List<Attachment> attachments)
    {
        switch (part?.Type)
        {
            case ContentPart.TextType:
                texts.Add(part.Text ?? string.Empty);
                break;
            case ContentPart.ImageType:
                AddFile(part.ImageUrl?.Url, null, "image", $"{place}.image_url.url", attachments);
                break;
            case ContentPart.FileType:
                AddFile(part.File?.Data, part.File?.Filename, "file", $"{place}.file.file_data", attachments);
                break;
            default:
                Refuse(ProblemCatalogue.InvalidRequest("A part of a message is of type text, image_url or file."), $"{place}.type");
                break;
        }
    }

    private void AddFile(string? url, string? name, string kind, string place, List<Attachment> attachments)
    {
        name ??= string.Create(CultureInfo.InvariantCulture, $"{kind}-{++_attachments}");
        if (DataUrl.TryParse(url, out var data))
        {
            attachments.Add(new Attachment { Name = name, MediaType = data.MediaType, Data = data.Data });
            return;
        }

        Refuse(ProblemCatalogue.AttachmentRejected(name, "Send it as a data: URL in base64; the broker fetches nothing."), place);
    }

    // The first fault is told: what follows may be due to it.
    private void Refuse(Problem problem, string place) => Fault ??= new ChatReading.Invalid(problem, place);
}

/// <summary>A <c>data:</c> URL (RFC 2397) in base64. Whether the data are what they say is for the attachment's rules.</summary>
internal sealed record DataUrl(string MediaType, string Data)
{
    private const string Scheme = "data:";
    private const string Marker = ";base64,";

    public static bool TryParse(string? text, [NotNullWhen(true)] out DataUrl? url)
    {
        url = text is not null
            && text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && text.IndexOf(Marker, StringComparison.OrdinalIgnoreCase) is > 0 and var end
            ? new DataUrl(text[Scheme.Length..end].Split(';')[0], text[(end + Marker.Length)..])
            : null;
        return url is not null;
    }
}
