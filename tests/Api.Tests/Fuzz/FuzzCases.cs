using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace FunctionsBroker.Api.Tests.Fuzz;

/// <summary>What is sent to the broker. Few sessions and keys, so that much meets; most that is accepted is the repetition of something.</summary>
internal static class FuzzCases
{
    private static readonly string[] s_sessions = [.. Enumerable.Range(0, 6).Select(number => $"fuzz:{number}")];
    private static readonly string[] s_keys = [.. Enumerable.Range(0, 12).Select(number => $"key-{number}")];

    private static readonly string[] s_oddSegments =
        ["%20", "..", ".", "%2e%2e", "a%2Fb", "%C3%A4", "%00", "~", "a~b", "%", "%ZZ", new('s', 129), "s?wait=1", "a;b", "*", "{x}", "%25%25"];

    private static readonly string[] s_oddHeaders = ["", " ", "a b", "a/b", new('k', 129), "wait=5", "wait=abc", "%00", "null", "\"quoted\"", "end", "s1.1-5", "q1"];

    private static readonly Gen<string> s_session = Gen.Elements(s_sessions);
    private static readonly Gen<string> s_sessionSegment = Gen.Frequency((9, s_session), (1, Gen.Elements(s_oddSegments)));
    private static readonly Gen<string> s_turnSegment = Gen.Frequency((8, Gen.Elements(s_keys)), (1, Gen.Constant("none")), (1, Gen.Elements(s_oddSegments)));
    private static readonly Gen<string> s_prompt = FuzzJson.Text("hello", "what did I say 1 turn ago?", "🐳 \\ud83d\\udc33", "a\\nb", "/help", "--version", "remember a=b");
    private static readonly Gen<string> s_profile = Gen.Frequency((8, Gen.Constant("null")), (3, FuzzJson.Text("default")), (1, FuzzJson.Text("no-such")));
    private static readonly Gen<string> s_metadata = Gen.Frequency((3, Gen.Constant("null")), (1, FuzzJson.Odd));
    private static readonly Gen<string> s_replyTo = Gen.Frequency((3, FuzzJson.Text(ApiFixture.FuzzReplies)), (3, Gen.Constant("null")), (1, FuzzJson.Text("turns", "not-listed")));

    private static readonly Gen<string> s_turnPath =
        s_sessionSegment.SelectMany(session => s_turnSegment.Select(turn => $"/api/sessions/{session}/turns/{turn}"));

    private static readonly Gen<string> s_message = FuzzJson.Object(
        ("specVersion", Gen.Frequency((5, FuzzJson.Text("1.0", "1")), (1, FuzzJson.Text("2", "one")))),
        ("turnId", Gen.Choose(0, 20).Select(number => $"\"message-{number}\"")),
        ("sessionId", s_session.Select(session => $"\"{session}\"")),
        ("prompt", s_prompt), ("profile", s_profile), ("metadata", s_metadata), ("replyTo", s_replyTo));

    private static readonly Gen<string> s_submission = FuzzJson.Object(
        ("prompt", s_prompt), ("profile", s_profile), ("metadata", s_metadata), ("replyTo", s_replyTo),
        ("onBusy", Gen.Frequency((20, Gen.Constant("\"queue\"")), (1, FuzzJson.Text("reject", "interrupt", "Queue")))),
        ("deadlineSeconds", Gen.Frequency((20, Gen.Constant("null")), (1, Gen.Elements("600", "0", "86401")))));

    private static readonly Gen<string> s_chatMessage = FuzzJson.Object(
        ("role", Gen.Frequency((6, FuzzJson.Text("user")), (1, FuzzJson.Text("system", "assistant", "tool")))),
        ("content", Gen.Frequency((4, s_prompt), (1, s_prompt.Select(text => $$"""[{"type":"text","text":{{text}}}]""")))));

    private static readonly Gen<string> s_chat = FuzzJson.Object(
        ("model", Gen.Frequency((12, FuzzJson.Text("default")), (1, FuzzJson.Text("none")))),
        ("user", s_session.Select(session => $"\"{session}\"")),
        ("stream", Gen.Elements("false", "true", "null")),
        ("messages", Gen.Frequency((9, s_chatMessage.ListOf(2).Select(messages => $"[{string.Join(',', messages)}]")), (1, FuzzJson.Odd))),
        ("stop", Gen.Elements("\"END\"", "[\"a\",\"b\"]", "[null]", "7")),
        ("response_format", Gen.Elements("{\"type\":\"text\"}", "{\"type\":\"json_object\"}", "{\"type\":\"json_schema\",\"json_schema\":{\"schema\":{\"$ref\":\"#/none\"}}}", "[]")),
        ("temperature", Gen.Elements("0.5", "\"hot\"")));

    /// <summary>Requests to every call of the API, and to some that there are not.</summary>
    public static Gen<FuzzCall> Call { get; } = Gen.Frequency(
        (42, Post(s_sessionSegment.Select(session => $"/api/sessions/{session}/turns"), s_submission, withKey: true)),
        (2, Post(Gen.Constant("/api/inject"), FuzzJson.Object(("session_id", s_session.Select(session => $"\"{session}\"")), ("prompt", s_prompt)), withKey: false)),
        (6, Post(Gen.Constant("/v1/chat/completions"), s_chat, withKey: true)),
        (4, Post(s_turnPath.Select(path => $"{path}/cancel"), Gen.Constant("{}"), withKey: false)),
        (6, Post(s_sessionSegment.SelectMany(session => s_turnSegment.Select(request => $"/api/sessions/{session}/permissions/{request}")), FuzzJson.Object(("decision", FuzzJson.Text("allow", "deny", "maybe"))), withKey: false)),
        (3, Post(Gen.Constant("/api/callbacks/turns"), FuzzJson.Object(("sessionId", s_session), ("turnId", Gen.Elements(s_keys)), ("epoch", Gen.Constant("1"))), withKey: false)),
        (20, Get(s_turnPath)),
        (8, Get(s_turnPath.Select(path => $"{path}/events"))),
        (5, Get(Gen.Elements("/api/health", "/v1/models", "/v1/models/default", "/v1/models/%C3%A4", "/api/openapi.json"))),
        (4, Get(Gen.Elements("/", "/api", "/api/sessions/s/turns/t/u", "/v1/completions", "/v1", "/v1/", "/v1//models", "/api/callbacks/turns", "/admin/host/status", "/api/Sessions/s/Turns"))));

    /// <summary>Messages for the queue <c>turns</c>, in base64 or plain.</summary>
    public static Gen<FuzzMessage> Message { get; } = Gen.Frequency(
        (8, FuzzJson.Sent(s_message).Select(InBase64)),
        (2, s_message.Select(text => new FuzzMessage(text, text))));

    /// <summary>The sessions that are talked to.</summary>
    public static IReadOnlyList<string> Sessions => s_sessions;

    private static Gen<FuzzCall> Post(Gen<string> path, Gen<string> json, bool withKey) =>
        from target in path
        from headers in Headers(withKey)
        from body in FuzzJson.Sent(json)
        select new FuzzCall("POST", target, headers, body);

    private static Gen<FuzzCall> Get(Gen<string> path) =>
        from target in path
        from headers in Headers(withKey: false)
        from method in Gen.Frequency((12, Gen.Constant("GET")), (1, Gen.Elements("DELETE", "PATCH", "HEAD")))
        let call = new FuzzCall(method, target, headers, null)

        // On its way a path with dot segments becomes that of a session, which is deleted then, as it should be.
        where method != "DELETE" || !call.IsRewritten
        select call;

    private static Gen<IReadOnlyList<(string Name, string Value)>> Headers(bool withKey) =>
        from key in Gen.Frequency((30, Gen.Elements(s_keys)), (2, Gen.Elements(s_oddHeaders)))
        from name in Gen.Elements("Prefer", "Last-Event-ID", "x-session-id", "Content-Type", "Authorization", "traceparent")
        from value in Gen.Elements(s_oddHeaders)
        from odd in Gen.Choose(0, 9)
        select (IReadOnlyList<(string, string)>)[.. withKey ? [("Idempotency-Key", key)] : Array.Empty<(string, string)>(), .. odd == 0 ? [(name, value)] : Array.Empty<(string, string)>()];

    private static FuzzMessage InBase64(byte[] bytes)
    {
        var sent = Convert.ToBase64String(bytes);
        var text = Encoding.UTF8.GetString(bytes);

        // What is no text is shown as it came.
        return new FuzzMessage(sent, Encoding.UTF8.GetBytes(text).AsSpan().SequenceEqual(bytes) && bytes.Length > 0 ? text : sent);
    }
}
