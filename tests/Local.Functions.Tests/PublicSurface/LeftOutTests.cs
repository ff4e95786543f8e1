using System.Reflection;
using System.Text.RegularExpressions;
using Azure.Data.Tables;
using FunctionsBroker.TestKit;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace FunctionsBroker.Local.Functions.Tests.PublicSurface;

/// <summary>The decision record's list of what the subset leaves out is what it leaves out.</summary>
public sealed partial class LeftOutTests
{
    private static readonly Assembly[] s_subset = [typeof(TableClient).Assembly, typeof(TaskName).Assembly, typeof(FunctionAttribute).Assembly];

    public static TheoryData<string> LeftOut => [.. Listed()];

    [Theory]
    [MemberData(nameof(LeftOut))]
    public void Member_ThatTheRecordLeavesOut_IsNotThere(string name)
    {
        var (typeName, member) = name.Split('.') is [var owner, var called] ? (owner, called) : (name, null);
        var type = s_subset.SelectMany(assembly => assembly.GetExportedTypes()).SingleOrDefault(type => type.Name == typeName);

        if (member is null)
        {
            Assert.Null(type);
        }
        else
        {
            Assert.NotNull(type);
            Assert.DoesNotContain(AllMembers(type), found => found.Name == member);
        }
    }

    /// <summary>Synchronous twins of asynchronous methods are left out without being listed one by one.</summary>
    [Fact]
    public void Clients_HaveNoSynchronousCalls()
    {
        var clients = s_subset[0].GetExportedTypes().Where(type => type.Name.EndsWith("Client", StringComparison.Ordinal));

        Assert.All(clients, client =>
        {
            var names = AllMembers(client).OfType<MethodInfo>().Select(method => method.Name).ToHashSet();
            Assert.DoesNotContain(names, name => names.Contains(name + "Async"));
        });
    }

    private static MemberInfo[] AllMembers(Type type) =>
        type.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly);

    private static string[] Listed()
    {
        var record = File.ReadAllText(RepositoryRoot.Combine("docs", "adr", "0001-one-source-two-builds.md"));
        var list = record[record.IndexOf("### Left out", StringComparison.Ordinal)..record.IndexOf("There, and refused", StringComparison.Ordinal)];

        // Names of types, and of members after their type's; other words in code quotes are not names of what is left out.
        return [.. Name().Matches(list).Select(match => match.Groups[1].Value).Where(name => name is not ("LeftOutTests" or "HostBuilder" or "SignalEntityOptions"))];
    }

    [GeneratedRegex("`([A-Z][A-Za-z]+(?:\\.[A-Z][A-Za-z]+)?)`")]
    private static partial Regex Name();
}
