using System.Diagnostics.CodeAnalysis;

namespace Sesh.Sync.Wire;

/// <summary>The words for grants: in files, on command lines, in answers.</summary>
public static class Grants
{
    /// <summary>Those that can be given.</summary>
    public static IReadOnlyList<string> Words => ["sync", "read", "drive"];

    public static string Word(this Grant grant) => grant switch
    {
        Grant.Sync => "sync",
        Grant.Read => "read",
        Grant.Drive => "drive",
        _ => "none",
    };

    public static bool TryParse([NotNullWhen(true)] string? word, out Grant grant)
    {
        grant = word switch { "sync" => Grant.Sync, "read" => Grant.Read, "drive" => Grant.Drive, _ => Grant.None };
        return grant != Grant.None || word == "none";
    }
}
