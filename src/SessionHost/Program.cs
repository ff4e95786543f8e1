using FunctionsBroker.SessionHost;
using FunctionsBroker.Storage;

var app = SessionHostApp.Build(args, builder => builder.Services.AddBrokerStorage(builder.Configuration));
await app.RunAsync();
