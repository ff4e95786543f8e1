using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.ClaudeCode.Protocol;

namespace FunctionsBroker.ClaudeCode.Tests.Protocol;

/// <summary>Whatever a child writes, reading it gives a message.</summary>
public sealed class CliMessageReaderProperties
{
    private static readonly string[] s_lines =
    [
        """{"type":"result","is_error":true,"usage":{"input_tokens":1},"errors":["a"],"user_message_uuids":["a"],"model_usage_since_last_result":{"m":{"costUSD":0.1}}}""",
        """{"type":"assistant","message":{"content":[{"type":"text","text":"a"},{"type":"tool_use","id":"t","name":"n","input":{"a":[1,2]}}]}}""",
        """{"type":"user","message":{"content":[{"type":"tool_result","tool_use_id":"t","content":[{"type":"text","text":"\ud83d\udc33"}]}]}}""",
        """{"type":"stream_event","event":{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"a\n"}},"api_message_id":"m"}""",
        """{"type":"stream_event","event":{"type":"message_stop"},"abandoned_blocks":{"api_message_id":"m","from_block_index":0}}""",
        """{"type":"control_request","request_id":"r","request":{"subtype":"can_use_tool","tool_name":"t","input":{"a":"\u0000"}}}""",
        """{"type":"control_response","response":{"subtype":"error","request_id":"r","error":"e"}}""",
        """{"type":"system","subtype":"api_retry","attempt":1,"retry_delay_ms":5,"error_status":529,"error":"overloaded"}""",
        """{"type":"command_lifecycle","command_uuid":"u","state":"started"}""",
    ];

    [Fact]
    public void Read_AnyBytes_NeverThrows() =>
        Prop.ForAll<byte[]>(bytes => Read(bytes) is not null).QuickCheckThrowOnFailure();

    [Fact]
    public void Read_MessageWithBytesChanged_NeverThrows()
    {
        var changes = Gen.Choose(0, 400).SelectMany(at => Gen.Choose(0, 255).Select(value => (At: at, Value: (byte)value))).ListOf(3);
        var damaged = Gen.Elements(s_lines).SelectMany(line => changes.Select(list => Damage(line, list)));

        Prop.ForAll(damaged.ToArbitrary(), bytes => Read(bytes) is not null)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
    }

    [Fact]
    public void Read_MessageWithPartsSwapped_NeverThrows()
    {
        string[] values = ["null", "1e999", "-1", "[]", "{}", "\"\\ud83d\"", "true", "[[[]]]", "{\"type\":\"text\"}"];
        var swapped = Gen.Elements(s_lines).SelectMany(line => Gen.Choose(0, 30).SelectMany(at => Gen.Elements(values).Select(value => Swap(line, at, value))));

        Prop.ForAll(swapped.ToArbitrary(), line => Read(Encoding.UTF8.GetBytes(line)) is not null)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
    }

    private static CliMessage Read(byte[] bytes) => CliMessageReader.Read(new CliLine(bytes, 0));

    private static byte[] Damage(string line, IEnumerable<(int At, byte Value)> changes)
    {
        var bytes = Encoding.UTF8.GetBytes(line);
        foreach (var (at, value) in changes)
        {
            bytes[at % bytes.Length] = value;
        }

        return bytes;
    }

    // Puts another value behind one of the colons.
    private static string Swap(string line, int colon, string value)
    {
        var parts = line.Split(':');
        var at = 1 + (colon % (parts.Length - 1));
        var end = parts[at].IndexOfAny([',', '}', ']']);
        parts[at] = value + (end < 0 ? string.Empty : parts[at][end..]);
        return string.Join(':', parts);
    }
}
