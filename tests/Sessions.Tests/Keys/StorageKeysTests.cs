using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Keys;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Sessions.Tests.Keys;

public sealed class StorageKeysTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("turn-1")]
    [InlineData("@.:-_")]
    [InlineData("i")]
    [InlineData("t")]
    [InlineData("!")]
    [InlineData("/\\#?~!%'\"")]
    [InlineData("Grüße 👋")]
    public void TurnOf_EveryKeyOfATurn_GivesItBack(string id)
    {
        var turn = TurnId.Parse(id);

        Assert.Equal(turn, StorageKeys.TurnOf(StorageKeys.TurnRow(turn)));
        Assert.Equal(turn, StorageKeys.TurnOf(StorageKeys.TurnTimeRow(turn, s_noon)));
    }

    [Fact]
    public void TurnTimeRow_LaterTurns_SortFirst()
    {
        var turn = TurnId.Parse("a");
        var earlier = StorageKeys.TurnTimeRow(turn, s_noon);
        var later = StorageKeys.TurnTimeRow(turn, s_noon.AddTicks(1));

        Assert.True(string.CompareOrdinal(later, earlier) < 0);
    }

    [Fact]
    public void TurnTextRowEnd_BoundsItsText_AndNoOther()
    {
        var turn = TurnId.Parse("a");
        var end = StorageKeys.TurnTextRowEnd(turn, 'p');

        Assert.True(string.CompareOrdinal(StorageKeys.TurnTextRow(turn, 'p', 9999), end) < 0);
        Assert.True(string.CompareOrdinal(StorageKeys.TurnTextRow(turn, 'r', 0), end) > 0);
        Assert.True(string.CompareOrdinal(StorageKeys.TurnTextRow(TurnId.Parse("a:"), 'p', 0), StorageKeys.TurnTextRow(turn, 'p', 0)) < 0);
    }

    [Fact]
    public void TurnInstanceId_DifferentPairs_NeverMeet()
    {
        string[] ids = ["a", "a-", "-a", "a-a", "a:a", "a.a", "@", "a~a", "a/a", "/", "~", "!a", "ä", new('x', 254), new('x', 255), new('/', 255)];
        var pairs = from session in ids from turn in ids select (session, turn);

        var instances = pairs.Select(pair => StorageKeys.TurnInstanceId(SessionId.Parse(pair.session), TurnId.Parse(pair.turn))).ToList();

        Assert.Equal(instances.Count, instances.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(instances, instance => Assert.InRange(instance.Length, 1, StorageKeys.MaxInstanceIdLength));
        Assert.All(instances, instance => Assert.DoesNotContain(instance, character => character is '/' or '\\' or '#' or '?'));
        Assert.All(instances, instance => Assert.NotEqual('@', instance[0]));
    }

    [Fact]
    public void Keys_OfTheStrangestIds_AreLegal_AndSortBeforeTheEnd()
    {
        string printable = new([.. Enumerable.Range(' ', 95).Select(code => (char)code)]);
        string[] ids = [printable.Trim(), new('/', 255), new('~', 255), "👋", "ÿ", "\uffe5"];
        foreach (var id in ids)
        {
            var (session, turn) = (SessionId.Parse(id), TurnId.Parse(id));
            string[] keys =
            [
                StorageKeys.SessionRow(session),
                StorageKeys.TurnPartition(session),
                StorageKeys.SessionDueRow(session, s_noon),
                StorageKeys.TurnTimeRow(turn, s_noon),
                StorageKeys.TurnAttachmentRow(turn, new('f', 32), 9999),
                StorageKeys.SessionEntityKey(session),
            ];

            Assert.All(keys, key => Assert.InRange(key.Length, 1, 512));
            Assert.All(keys, key => Assert.DoesNotContain(key, character => char.IsControl(character) || character is '/' or '\\' or '#' or '?' or '%' or '\''));
            Assert.Equal(session, StorageKeys.SessionOf(StorageKeys.SessionRow(session)));
            Assert.Equal(new SessionDue(session, s_noon), StorageKeys.SessionDueOf(StorageKeys.SessionDueRow(session, s_noon)));
            Assert.Equal(new TurnListing(turn, s_noon), StorageKeys.TurnListingOf(StorageKeys.TurnTimeRow(turn, s_noon)));
            Assert.True(string.CompareOrdinal(StorageKeys.SessionRow(session), StorageKeys.SessionRowsEnd) < 0);
            Assert.True(TurnListing.TryParse(new TurnListing(turn, s_noon).ToString(), out var listing));
            Assert.Equal(turn, listing.TurnId);
        }
    }

    [Fact]
    public void SessionEntityKey_DifferentSessions_NeverMeet()
    {
        string[] ids = ["a", "A", "a/", "a~", new('x', 80), new('x', 81), new('x', 82)];

        var keys = ids.Select(id => StorageKeys.SessionEntityKey(SessionId.Parse(id))).ToList();

        Assert.Equal(keys.Count, keys.Distinct(StringComparer.Ordinal).Count());
        Assert.All(keys, key => Assert.InRange($"@sessionentity@{key}".Length, 1, StorageKeys.MaxInstanceIdLength));
    }

    [Fact]
    public void SessionPartition_ManySessions_SpreadOverAllBuckets()
    {
        var buckets = Enumerable.Range(0, 5000)
            .Select(number => StorageKeys.SessionPartition(SessionId.Parse($"session-{number}")))
            .CountBy(bucket => bucket)
            .ToDictionary();

        Assert.Equal(64, buckets.Count);
        Assert.All(buckets.Values, count => Assert.InRange(count, 40, 130));
    }
}
