using FunctionsBroker.SessionHost;
using FunctionsBroker.SessionHost.Configuration;
using FunctionsBroker.SessionHost.Lifetime;
using FunctionsBroker.Storage;
using Microsoft.Extensions.Options;

const int InvalidConfiguration = 78; // EX_CONFIG of sysexits.h

if (ChannelCheckCommand.IsIn(args))
{
    await ChannelCheckCommand.RunAsync(args, Console.Out, CancellationToken.None);
    return 0;
}

try
{
    if (ProfileCheckCommand.IsIn(args))
    {
        await ProfileCheckCommand.RunAsync(args, Console.Out);
        return 0;
    }

    var app = SessionHostApp.Build(args, builder => builder.Services.AddBrokerStorage(builder.Configuration).AddBrokerTranscripts(builder.Configuration));
    await app.RunAsync();
    return 0;
}
catch (InvalidConfigurationException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return InvalidConfiguration;
}
catch (OptionsValidationException exception)
{
    await Console.Error.WriteLineAsync(string.Join('\n', exception.Failures));
    return InvalidConfiguration;
}
