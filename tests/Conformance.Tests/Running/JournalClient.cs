using System.Net.Http.Json;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Conformance.Tests.Running;

/// <summary>Reads what functions noted in the app's journal.</summary>
public sealed class JournalClient(HttpClient http)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async Task<JournalEntry[]> ReadAsync(string topic) =>
        (await http.GetFromJsonAsync<JournalEntry[]>($"api/journal/{Uri.EscapeDataString(topic)}", Cancellation))!;

    public async Task<string[]> ReadTextsAsync(string topic) => [.. (await ReadAsync(topic)).Select(entry => entry.Text)];

    /// <summary>Waits until the topic has at least so many entries.</summary>
    public async Task<JournalEntry[]> WaitAsync(string topic, int count = 1)
    {
        JournalEntry[] entries = [];
        await Eventually.BecomesTrueAsync(async () => (entries = await ReadAsync(topic)).Length >= count, Cancellation, description: topic);
        return entries;
    }

    /// <summary>Notes an entry, for functions that wait for one.</summary>
    public async Task AddAsync(string topic)
    {
        using var answer = await http.PostAsync($"api/journal/{Uri.EscapeDataString(topic)}", null, Cancellation);
        answer.EnsureSuccessStatusCode();
    }
}
