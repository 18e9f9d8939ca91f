namespace Sesh.Tests;

/// <summary>Where the sources of these tests lie.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Sesh.sln")))
                return at.FullName;
        }

        throw new InvalidOperationException($"no Sesh.sln above {folder}");
    }
}
