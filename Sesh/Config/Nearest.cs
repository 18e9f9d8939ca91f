namespace Sesh.Config;

/// <summary>What a mistyped word was probably meant to be.</summary>
internal static class Nearest
{
    /// <summary>The known word fewest slips away (a slip: a letter more, less, other, or two swapped), if few enough; a word that it begins counts as near.</summary>
    public static string? To(string word, IEnumerable<string> known)
    {
        string? best = null;
        var fewest = Math.Max(1, Math.Min(word.Length, 64) / 3) + 1;
        foreach (var candidate in known)
        {
            var slips = word.Length >= 3 && candidate.StartsWith(word, StringComparison.OrdinalIgnoreCase) ? 1 : Slips(word, candidate);
            if (slips >= fewest)
                continue;
            fewest = slips;
            best = candidate;
        }

        return best;
    }

    /// <summary>Optimal string alignment distance (Damerau and Levenshtein, no part edited twice), without regard to case.</summary>
    private static int Slips(string a, string b)
    {
        if (a.Length > 64 || Math.Abs(a.Length - b.Length) > 8)
            return int.MaxValue;
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var same = Same(a[i - 1], b[j - 1]);
                var slips = Math.Min(Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1, rows[i - 1, j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]))
                    slips = Math.Min(slips, rows[i - 2, j - 2] + 1);
                rows[i, j] = slips;
            }
        }

        return rows[a.Length, b.Length];
    }

    private static bool Same(char a, char b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b);
}
