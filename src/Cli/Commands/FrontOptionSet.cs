using System.CommandLine;
using System.CommandLine.Parsing;
using FunctionsBroker.Cli.Conversation;
using FunctionsBroker.Cli.Data;

namespace FunctionsBroker.Cli.Commands;

/// <summary>The options that say which front a command talks to: the running one of a data folder, or one elsewhere.</summary>
internal sealed class FrontOptionSet
{
    private readonly Option<string> _data = DataOption.Create();

    private readonly Option<Uri?> _url = new("--url")
    {
        Description = "A front elsewhere; the key comes from --key.",
        HelpName = "URL",
        CustomParser = result => Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var parsed) ? parsed : Refuse(result),
    };

    private readonly Option<string?> _key = new("--key") { Description = "The function key that goes with --url.", HelpName = "KEY" };

    public void AddTo(Command command)
    {
        command.Options.Add(_data);
        command.Options.Add(_url);
        command.Options.Add(_key);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_url) is null != result.GetResult(_key) is null)
            {
                result.AddError("--url and --key go together.");
            }
        });
    }

    /// <exception cref="CommandException">No broker runs on the data folder.</exception>
    public FrontClient Open(ParseResult parsed)
    {
        if (parsed.GetValue(_url) is { } other)
        {
            return new FrontClient(other, parsed.GetRequiredValue(_key)!, TimeProvider.System);
        }

        var front = RunningBroker.Require(parsed.GetRequiredValue(_data)).Front;
        return new FrontClient(front.Url, front.Key, TimeProvider.System);
    }

    private static Uri? Refuse(ArgumentResult result)
    {
        result.AddError($"'{result.Tokens[0].Value}' is not an absolute URL.");
        return null;
    }
}
