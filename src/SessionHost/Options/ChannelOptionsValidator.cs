using Microsoft.Extensions.Options;

namespace FunctionsBroker.SessionHost.Options;

/// <summary>Checks each setting of a profile's channel by itself.</summary>
[OptionsValidator]
internal sealed partial class ChannelOptionsValidator : IValidateOptions<ChannelOptions>;
