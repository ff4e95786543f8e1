using System.Linq.Expressions;
using Azure.Data.Tables;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Storage;

namespace FunctionsBroker.Local.Storage.Tests.Tables;

/// <summary>Conditions written in C# find at the service what they find in memory.</summary>
/// <remarks>The emulator compares times to the millisecond only, and does not know numbers such as 1E+299.</remarks>
[Trait("Category", "Emulator")]
public sealed class TableConditionsTests(AzuriteFixture azurite) : TableTest(azurite)
{
    private static readonly DateTimeOffset s_noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid s_id = Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e");

    private static readonly Order[] s_orders =
    [
        new() { RowKey = "0", Text = "", Count = int.MinValue, Large = long.MinValue, Ratio = -1.5, At = s_noon, When = s_noon.UtcDateTime, Id = Guid.Empty },
        new() { RowKey = "1", Text = "o'clock", Count = -1, Maybe = 0, Large = -1, Ratio = 0, Flag = true, At = s_noon.AddMilliseconds(1), Id = s_id },
        new() { RowKey = "2", Text = "a''b", Count = 0, Maybe = 1, MaybeLarge = 1L << 40, Ratio = 1e-300, At = s_noon.AddHours(1), Id = s_id },
        new() { RowKey = "3", Text = "ž & ü", Count = 7, Maybe = 7, Large = 1L << 33, Ratio = 0.1, Flag = true, At = s_noon.AddDays(1), Renamed = "x" },
        new() { RowKey = "4", Text = "Z", Count = int.MaxValue, Large = long.MaxValue, Ratio = 1e12, At = s_noon.AddYears(1), When = s_noon.AddDays(-1).UtcDateTime },
        new() { RowKey = "5", Text = "a%20b/c?d#e", Count = 3, Ratio = 7, Flag = true, At = s_noon.AddDays(-1), Bytes = [0, 255] },
    ];

    public static TheoryData<Expression<Func<Order, bool>>> Conditions
    {
        get
        {
            var quoted = "o'clock";
            var seven = 7;
            var bounds = new { From = s_noon, To = s_noon.AddHours(2) };
            Expression<Func<Order, bool>>[] conditions =
            [
                order => true,
                order => order.RowKey == "3",
                order => order.RowKey != "3" && order.PartitionKey == "p",
                order => order.RowKey.CompareTo("2") >= 0 && order.RowKey.CompareTo("5") < 0,
                order => string.Compare(order.RowKey, "3") > 0,
                order => order.Text == quoted,
                order => order.Text == "a''b",
                order => order.Text == "ž & ü",
                order => order.Text == "a%20b/c?d#e",
                order => order.Text == "",
                order => order.Count > -1 && order.Count <= seven,
                order => order.Count == int.MinValue || order.Count == int.MaxValue,
                order => order.Maybe == 7,
                order => order.Maybe!.Value >= 1,
                order => order.Large == long.MinValue || order.Large == long.MaxValue,
                order => order.Large > int.MaxValue,
                order => order.MaybeLarge == 1L << 40,
                order => order.Ratio < 0 || order.Ratio > 1e11,
                order => order.Ratio == 0.1,
                order => order.Ratio >= 7,
                order => order.Flag,
                order => !order.Flag,
                order => order.Flag == false && !(order.Count > 0),
                order => order.Id == s_id,
                order => order.Id != s_id,
                order => order.At == s_noon,
                order => order.At > bounds.From && order.At <= bounds.To,
                order => order.At < s_noon.ToOffset(TimeSpan.FromHours(5)),
                order => order.When == s_noon.UtcDateTime,
                order => order.Renamed == "x",
                order => (order.Flag || order.Count < 0) && !(order.RowKey == "1" || order.RowKey == "0"),
            ];
            return [.. conditions];
        }
    }

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Table.SubmitTransactionAsync(
            s_orders.Select(order =>
            {
                order.PartitionKey = "p";
                return new TableTransactionAction(TableTransactionActionType.Add, order);
            }),
            Cancel);
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [MemberData(nameof(Conditions), DisableDiscoveryEnumeration = true)]
    public async Task Query_ByACondition_FindsWhatItFindsInMemory(Expression<Func<Order, bool>> condition)
    {
        // A nullable that is null has no Value; the service then finds nothing, too.
        var meets = condition.Compile();
        var expected = s_orders.Where(order => condition.ToString().Contains("Maybe.Value", StringComparison.Ordinal) && order.Maybe is null ? false : meets(order));

        var found = await Table.QueryAsync(condition, cancellationToken: Cancel).ToListAsync(Cancel);

        Assert.Equal(expected.Select(order => order.RowKey), found.Select(order => order.RowKey));
    }
}
