namespace Sesh.Output;

internal enum Style : byte
{
    Plain,
    Bold,
    Dim,
    Red,
    Green,
    Yellow,
    Blue,
    Cyan,
}

/// <summary>Colours, or none: the sixteen that every terminal has and every theme sets.</summary>
internal sealed class Palette(bool enabled)
{
    public bool Enabled { get; } = enabled;

    public string Paint(string text, Style style) =>
        !Enabled || style == Style.Plain || text.Length == 0 ? text : $"\e[{Code(style)}m{text}\e[0m";

    private static string Code(Style style) => style switch
    {
        Style.Bold => "1",
        Style.Dim => "2",
        Style.Red => "31",
        Style.Green => "32",
        Style.Yellow => "33",
        Style.Blue => "34",
        _ => "36",
    };
}
