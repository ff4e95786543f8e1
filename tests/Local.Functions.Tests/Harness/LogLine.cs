using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Functions.Tests.Harness;

internal sealed record LogLine(LogLevel Level, string Category, string Text);
