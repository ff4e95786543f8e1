using Microsoft.Extensions.Options;

namespace FunctionsBroker.Functions.Configuration;

[OptionsValidator]
internal sealed partial class BrokerOptionsValidator : IValidateOptions<BrokerOptions>;
