using System.Globalization;

namespace FunctionsBroker.Bench;

/// <summary>Measurements side by side.</summary>
internal static class Table
{
    public static void Write(IEnumerable<Measurement> measurements)
    {
        Console.WriteLine("| what | n | p50 ms | p90 ms | p99 ms |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: |");
        foreach (var measured in measurements.Where(measured => measured.Count > 0))
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {measured.Name} | {measured.Count} | {measured.Quantile(0.5):f1} | {measured.Quantile(0.9):f1} | {measured.Quantile(0.99):f1} |"));
        }

        Console.WriteLine();
    }
}
