using Xunit;

namespace Sesh.Tests.Contract;

/// <summary>
/// What scripts and people rely on, as text files that a reviewer reads. A difference fails and leaves what was received beside; whoever means the change
/// moves it over the reviewed file.
/// </summary>
internal static class ContractFile
{
    public static string Folder { get; } = Path.Join(Repository.Root, "Sesh.Tests", "Contract");

    /// <param name="name">Below the folder, without ending.</param>
    public static void Matches(string name, string actual)
    {
        var path = Path.Join(Folder, name + ".txt");
        var received = Path.Join(Folder, name + ".received");
        var reviewed = File.Exists(path) ? File.ReadAllText(path) : null;
        if (reviewed == actual)
        {
            File.Delete(received);
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(received)!);
        File.WriteAllText(received, actual);
        Assert.Fail($"{name} is not as reviewed; see {Path.GetRelativePath(Repository.Root, received)}\n{FirstDifference(reviewed ?? "", actual)}");
    }

    private static string FirstDifference(string reviewed, string actual)
    {
        var (left, right) = (reviewed.Split('\n'), actual.Split('\n'));
        var line = 0;
        while (line < left.Length && line < right.Length && left[line] == right[line])
            line++;
        return $"line {line + 1}\nreviewed: {left.ElementAtOrDefault(line)}\nreceived: {right.ElementAtOrDefault(line)}";
    }
}
