using Microsoft.Extensions.Options;

namespace FunctionsBroker.SessionHost.Options;

/// <summary>Checks each setting by itself.</summary>
[OptionsValidator]
internal sealed partial class SessionHostOptionsValidator : IValidateOptions<SessionHostOptions>;
