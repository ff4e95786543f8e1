using System.Globalization;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using FunctionsBroker.CrashApp;
using FunctionsBroker.Local.Durable;
using Microsoft.Extensions.Logging.Abstractions;

// usage: CrashApp CONNECTION HUB [before|during|after N]
// Runs the script on the hub from wherever it is, prints how everything ended and leaves without any tidying up. With a
// moment given it is killed there: before, during or after its Nth write to the storage.
using var end = new ParentWatch();
KillMoment moment = args.Length > 2 ? Enum.Parse<KillMoment>(args[2], ignoreCase: true) : KillMoment.Never;
int write = args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : 0;
using var transport = new HttpClientTransport(new HttpClient(new KillingHandler(moment, write)));
var tables = new TableServiceClient(args[0], new TableClientOptions { Transport = transport });
var hub = new TaskHub(tables, new TaskHubOptions { HubName = args[1] }, Workload.Registry(), NullLoggerFactory.Instance, TimeProvider.System);
await hub.StartAsync(CancellationToken.None);
await new Script(hub.Client, CancellationToken.None).RunAsync();
Console.Out.WriteLine(await Snapshot.TakeAsync(hub.Client, CancellationToken.None));
Console.Out.Flush();
Suicide.Commit();
