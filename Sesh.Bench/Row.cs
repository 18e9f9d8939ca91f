using System.Globalization;

namespace Sesh.Bench;

internal enum Measure : byte
{
    /// <summary>Ours divided by the anchor's.</summary>
    Ratio,

    /// <summary>The anchor's divided by ours: for figures of which more is better.</summary>
    Throughput,

    /// <summary>Ours less the anchor's.</summary>
    Difference,

    /// <summary>Ours alone.</summary>
    Absolute,
}

/// <summary>One line of the table.</summary>
/// <param name="Owed">In the measure's terms; null where nothing is owed.</param>
internal sealed record Row(string Id, string What, string Anchor, double AnchorValue, double Ours, string Unit, Measure Measure, double? Owed, double? Wanted, string Note = "")
{
    /// <summary>Why it could not be measured; null where it was.</summary>
    public string? Failure { get; init; }

    public static Row Failed(string id, string why) => new(id, "", "", 0, 0, "", Measure.Absolute, null, null) { Failure = why };

    private double Result => Measure switch
    {
        Measure.Ratio => Ours / AnchorValue,
        Measure.Throughput => AnchorValue / Ours,
        Measure.Difference => Ours - AnchorValue,
        _ => Ours,
    };

    public bool FallsShort => Failure is not null || (Owed is { } owed && Result > owed);

    public string Verdict => Failure is not null ? "NOT MEASURED"
        : Owed is null ? ""
        : FallsShort ? "SHORT"
        : Wanted is { } wanted && Result <= wanted ? "wanted" : "owed";

    public IReadOnlyList<string> Cells() => Failure is not null
        ? [Id, Failure, "", "", "", "", "", "", Verdict]
        : [Id, What, Anchor, AnchorValue == 0 ? "" : Number(AnchorValue), $"{Number(Ours)} {Unit}", Shown(Result), Shown(Owed), Shown(Wanted), Note.Length == 0 ? Verdict : $"{Verdict} ({Note})"];

    private string Shown(double? value) => value is not { } v ? "" : Measure switch
    {
        Measure.Ratio or Measure.Throughput => v.ToString("0.00 ×", CultureInfo.InvariantCulture),
        Measure.Difference => v.ToString("+0.0;-0.0", CultureInfo.InvariantCulture) + " " + Unit,
        _ => $"{Number(v)} {Unit}",
    };

    private static string Number(double value) => value.ToString(value < 100 ? "0.00" : "0", CultureInfo.InvariantCulture);
}
