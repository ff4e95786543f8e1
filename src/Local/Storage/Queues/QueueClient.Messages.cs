#nullable disable annotations // As the published package's: its members are oblivious.

using Azure.Core;
using Azure.Storage.Queues.Models;
using FunctionsBroker.Local.Storage.Queues;

namespace Azure.Storage.Queues;

public partial class QueueClient
{
    private string MessagesPath => _path + "/messages";

    /// <summary>Removes all messages.</summary>
    public virtual async Task<Response> ClearMessagesAsync(CancellationToken cancellationToken = default)
    {
        using var message = _service.CreateMessage(RequestMethod.Delete, MessagesPath);
        return await _service.SendAsync(message, tolerated: null, cancellationToken);
    }

    public virtual async Task<Response<SendReceipt>> SendMessageAsync(string messageText) =>
        await SendMessageAsync(messageText, null, null, default);

    public virtual async Task<Response<SendReceipt>> SendMessageAsync(string messageText, CancellationToken cancellationToken = default) =>
        await SendMessageAsync(messageText, null, null, cancellationToken);

    /// <inheritdoc cref="SendMessageAsync(BinaryData, TimeSpan?, TimeSpan?, CancellationToken)"/>
    public virtual async Task<Response<SendReceipt>> SendMessageAsync(
        string messageText, TimeSpan? visibilityTimeout = null, TimeSpan? timeToLive = null, CancellationToken cancellationToken = default) =>
        await SendMessageAsync(BinaryData.FromString(messageText ?? string.Empty), visibilityTimeout, timeToLive, cancellationToken);

    /// <param name="visibilityTimeout">How long nobody receives it, in whole seconds; by default it is visible at once.</param>
    /// <param name="timeToLive">When it is removed unread, in whole seconds; by default 7 days, -1 s for never.</param>
    /// <exception cref="RequestFailedException">404 <c>QueueNotFound</c>, 400 <c>RequestBodyTooLarge</c>, among others.</exception>
    public virtual async Task<Response<SendReceipt>> SendMessageAsync(
        BinaryData message, TimeSpan? visibilityTimeout = null, TimeSpan? timeToLive = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        var query = new QueueQuery().Add("visibilitytimeout", visibilityTimeout).Add("messagettl", timeToLive);
        using var request = _service.CreateMessage(RequestMethod.Post, MessagesPath, query.ToString());
        SetBody(request.Request, message);
        var response = await _service.SendAsync(request, tolerated: null, cancellationToken);
        return Response.FromValue(MessageCodec.ReadSent(QueueXml.ReadMessages(response).Single()), response);
    }

    public virtual async Task<Response<QueueMessage[]>> ReceiveMessagesAsync() =>
        await ReceiveMessagesAsync(null, null, default);

    public virtual async Task<Response<QueueMessage[]>> ReceiveMessagesAsync(CancellationToken cancellationToken = default) =>
        await ReceiveMessagesAsync(null, null, cancellationToken);

    /// <param name="maxMessages">1 to 32; 1 by default.</param>
    /// <param name="visibilityTimeout">How long others do not receive them, in whole seconds; 30 s by default.</param>
    /// <exception cref="FormatException">A message is not base64 although the options say so, and nobody handles such messages.</exception>
    public virtual async Task<Response<QueueMessage[]>> ReceiveMessagesAsync(
        int? maxMessages = null, TimeSpan? visibilityTimeout = null, CancellationToken cancellationToken = default)
    {
        var query = new QueueQuery().Add("numofmessages", maxMessages).Add("visibilitytimeout", visibilityTimeout);
        using var request = _service.CreateMessage(RequestMethod.Get, MessagesPath, query.ToString());
        var response = await _service.SendAsync(request, tolerated: null, cancellationToken);
        var messages = await DecodeAsync(
            QueueXml.ReadMessages(response),
            MessageCodec.ReadReceived,
            undecoded => OnMessageDecodingFailedAsync(undecoded, null, false, cancellationToken));
        return Response.FromValue(messages, response);
    }

    /// <returns>A message, or a response whose value is null.</returns>
    /// <inheritdoc cref="ReceiveMessagesAsync(int?, TimeSpan?, CancellationToken)"/>
    public virtual async Task<Response<QueueMessage>> ReceiveMessageAsync(
        TimeSpan? visibilityTimeout = null, CancellationToken cancellationToken = default)
    {
        var messages = await ReceiveMessagesAsync(1, visibilityTimeout, cancellationToken);
        return Response.FromValue(messages.Value.FirstOrDefault(), messages.GetRawResponse());
    }

    /// <returns>The next message, or a response whose value is null.</returns>
    public virtual async Task<Response<PeekedMessage>> PeekMessageAsync(CancellationToken cancellationToken = default)
    {
        var messages = await PeekMessagesAsync(1, cancellationToken);
        return Response.FromValue(messages.Value.FirstOrDefault(), messages.GetRawResponse());
    }

    /// <param name="maxMessages">1 to 32; 1 by default.</param>
    public virtual async Task<Response<PeekedMessage[]>> PeekMessagesAsync(int? maxMessages = null, CancellationToken cancellationToken = default)
    {
        var query = new QueueQuery().Add("peekonly", "true").Add("numofmessages", maxMessages);
        using var request = _service.CreateMessage(RequestMethod.Get, MessagesPath, query.ToString());
        var response = await _service.SendAsync(request, tolerated: null, cancellationToken);
        var messages = await DecodeAsync(
            QueueXml.ReadMessages(response),
            MessageCodec.ReadPeeked,
            undecoded => OnMessageDecodingFailedAsync(null, undecoded, false, cancellationToken));
        return Response.FromValue(messages, response);
    }

    /// <exception cref="RequestFailedException">404 <c>MessageNotFound</c>, 400 <c>PopReceiptMismatch</c>, among others.</exception>
    public virtual async Task<Response> DeleteMessageAsync(string messageId, string popReceipt, CancellationToken cancellationToken = default)
    {
        using var request = _service.CreateMessage(RequestMethod.Delete, MessagePath(messageId), Receipt(popReceipt).ToString());
        return await _service.SendAsync(request, tolerated: null, cancellationToken);
    }

    /// <param name="messageText">The new text; null keeps the one it has.</param>
    /// <inheritdoc cref="UpdateMessageAsync(string, string, BinaryData, TimeSpan, CancellationToken)"/>
    public virtual async Task<Response<UpdateReceipt>> UpdateMessageAsync(
        string messageId, string popReceipt, string messageText = null, TimeSpan visibilityTimeout = default, CancellationToken cancellationToken = default) =>
        await UpdateMessageAsync(
            messageId, popReceipt, messageText is null ? null : BinaryData.FromString(messageText), visibilityTimeout, cancellationToken);

    /// <param name="message">The new body; null keeps the one it has.</param>
    /// <param name="visibilityTimeout">How long nobody else receives it, in whole seconds; by default it is visible at once.</param>
    /// <exception cref="RequestFailedException">404 <c>MessageNotFound</c>, 400 <c>PopReceiptMismatch</c>, among others.</exception>
    public virtual async Task<Response<UpdateReceipt>> UpdateMessageAsync(
        string messageId, string popReceipt, BinaryData message, TimeSpan visibilityTimeout = default, CancellationToken cancellationToken = default)
    {
        var query = Receipt(popReceipt).Add("visibilitytimeout", visibilityTimeout);
        using var request = _service.CreateMessage(RequestMethod.Put, MessagePath(messageId), query.ToString());
        if (message is not null)
        {
            SetBody(request.Request, message);
        }

        var response = await _service.SendAsync(request, tolerated: null, cancellationToken);
        return Response.FromValue(QueueHeaders.ReadUpdate(response), response);
    }

    /// <summary>Hands a message that could not be decoded to the handlers in the options.</summary>
    protected virtual async Task OnMessageDecodingFailedAsync(
        QueueMessage receivedMessage, PeekedMessage peekedMessage, bool isRunningSynchronously, CancellationToken cancellationToken)
    {
        var failure = new QueueMessageDecodingFailedEventArgs(this, receivedMessage, peekedMessage, isRunningSynchronously, cancellationToken);
        foreach (var handler in _service.Options.DecodingFailedHandlers?.GetInvocationList() ?? [])
        {
            await ((SyncAsyncEventHandler<QueueMessageDecodingFailedEventArgs>)handler)(failure);
        }
    }

    private async Task<T[]> DecodeAsync<T>(
        IReadOnlyList<IReadOnlyDictionary<string, string>> answers,
        Func<IReadOnlyDictionary<string, string>, QueueMessageEncoding, T> read,
        Func<T, Task> handleUndecoded)
    {
        var messages = new List<T>(answers.Count);
        foreach (var answer in answers)
        {
            try
            {
                messages.Add(read(answer, _service.Options.MessageEncoding));
            }
            catch (FormatException) when (_service.Options.DecodingFailedHandlers is not null)
            {
                await handleUndecoded(read(answer, QueueMessageEncoding.None));
            }
        }

        return [.. messages];
    }

    private string MessagePath(string messageId)
    {
        ArgumentException.ThrowIfNullOrEmpty(messageId);
        return $"{MessagesPath}/{Uri.EscapeDataString(messageId)}";
    }

    private static QueueQuery Receipt(string popReceipt)
    {
        ArgumentException.ThrowIfNullOrEmpty(popReceipt);
        return new QueueQuery().Add("popreceipt", popReceipt);
    }

    private void SetBody(Request request, BinaryData body)
    {
        request.Headers.Add("Content-Type", "application/xml");
        request.Content = RequestContent.Create(QueueXml.WriteMessage(MessageCodec.Encode(body, _service.Options.MessageEncoding)));
    }
}
