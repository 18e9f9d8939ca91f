namespace Sesh.Output;

/// <summary>Tab-separated values as PostgreSQL's COPY writes them: tab, line end, carriage return and backslash escaped, other control characters made visible.</summary>
internal static class Tsv
{
    public static void Row(ResultBuffer buffer, ReadOnlySpan<string> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (i > 0)
                buffer.Bytes("\t"u8);
            buffer.Text(Escape(values[i]));
        }

        buffer.Bytes("\n"u8);
    }

    public static string Escape(string value)
    {
        if (value.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0 && !value.Contains('\\'))
            return value;
        return Visible.Line(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal));
    }
}
