using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace FunctionsBroker.Api.Tests.Fuzz;

/// <summary>JSON that is right, nearly right, or none at all.</summary>
internal static class FuzzJson
{
    private static readonly string[] s_odd =
    [
        "null", "true", "-1", "0", "0.5", "1e999", "99999999999999999999", "[]", "[null]", "{}", "[[[[[]]]]]", """{"a":{"b":[1,{"c":null}]}}""",
        "\"\"", "\" \"", "\"\\ud83d\"", "\"\\u0000\"", "\"../../etc/passwd\"", "\"a/b?c#d\"", "\"ä ö\"", "\"🐳\"", "\"reject\"", "\"2.0\"",
        $"\"{new string('x', 129)}\"", $"\"{new string('y', 20_000)}\"", $"{new string('[', 100)}{new string(']', 100)}",
    ];

    /// <summary>A value that nothing expects.</summary>
    public static Gen<string> Odd { get; } = Gen.Elements(s_odd);

    /// <summary>One of these texts, as JSON has them.</summary>
    public static Gen<string> Text(params string[] texts) => Gen.Elements(texts).Select(text => $"\"{text}\"");

    /// <summary>An object whose members mostly are as they should be, and sometimes odd or missing.</summary>
    public static Gen<string> Object(params (string Name, Gen<string> Value)[] members) =>
        Gen.CollectToList(members, member => Member(member.Name, member.Value)).Select(made => $"{{{string.Join(',', made.OfType<string>())}}}");

    /// <summary>What is sent for a text: mostly the text, sometimes cut off, damaged, or something else.</summary>
    public static Gen<byte[]> Sent(Gen<string> json) => Gen.Frequency(
        (85, json.Select(Encoding.UTF8.GetBytes)),
        (5, json.SelectMany(text => Gen.Choose(0, text.Length).Select(length => Encoding.UTF8.GetBytes(text[..length])))),
        (5, json.SelectMany(text => Gen.Choose(0, 255).ListOf(3).Select(values => Damage(text, values)))),
        (2, Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf()),
        (3, Odd.Select(Encoding.UTF8.GetBytes)));

    private static Gen<string?> Member(string name, Gen<string> value) => Gen.Frequency(
        (90, value.Select(text => (string?)$"\"{name}\":{text}")),
        (6, Odd.Select(text => (string?)$"\"{name}\":{text}")),
        (3, Gen.Constant<string?>(null)),
        (1, value.Select(text => (string?)$"\"{name}\":{text},\"{name}\":{text},\"unknown\":1")));

    private static byte[] Damage(string text, IEnumerable<int> values)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        foreach (var value in values)
        {
            bytes[value * 7919 % bytes.Length] = (byte)value;
        }

        return bytes;
    }
}
