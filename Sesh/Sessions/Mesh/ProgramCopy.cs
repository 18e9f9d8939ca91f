using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Sesh.Sync;
using Sesh.Sync.Transports;

namespace Sesh.Sessions.Mesh;

/// <summary>Brings this program to a machine, as scripts/install lays it out: the files in <c>~/.local/lib/sesh</c>, a link in <c>~/.local/bin</c>.</summary>
internal sealed class ProgramCopy(RemoteMachine machine, string program, string version)
{
    // Of each file its digest, as sha256sum or shasum prints it. Without "!": see RemoteCommand.
    private const string Look =
        "echo system $(uname -sm); b=\"$HOME/.local/bin/sesh\"; s=$(command -v sesh) || s=$b; if [ -x \"$s\" ]; then echo program $s; echo version $(\"$s\" --version); fi; "
        + "if [ -L \"$b\" ]; then :; elif [ -e \"$b\" ]; then echo taken; fi; cd \"$HOME/.local/lib/sesh\" 2>/dev/null || exit 0; "
        + "for f in *; do echo file $( (sha256sum \"$f\" || shasum -a 256 \"$f\") 2>/dev/null); done";

    /// <summary>This machine's, as <c>uname -sm</c> has it.</summary>
    public static string System => (OperatingSystem.IsMacOS() ? "Darwin " : "Linux ") + (RuntimeInformation.ProcessArchitecture, OperatingSystem.IsMacOS()) switch
    {
        (Architecture.X64, _) => "x86_64",
        (Architecture.Arm64, true) => "arm64",
        (Architecture.Arm64, false) => "aarch64",
        (var other, _) => other.ToString(),
    };

    /// <summary>Copies what is missing or another; what is there as it should be stays.</summary>
    /// <returns>What was done; null for nothing.</returns>
    /// <exception cref="SeshException"><c>no-binary</c>: it is a machine of another kind; or of the commands.</exception>
    public string? Bring()
    {
        var found = Found.Parse(machine.Run(Look));
        var isOurs = found.Program is null || found.Program.EndsWith("/.local/bin/sesh", StringComparison.Ordinal);
        if (!isOurs || machine.Peer.RemoteSesh is not null)
            return null;
        if (found.System != System)
        {
            return found.Version is not null ? null : throw new SeshException(
                "no-binary", $"{machine.Peer.Name} is {found.System}, and this sesh is built for {System}",
                "build it there from sesh's sources, by scripts/install, then run this again");
        }

        if (Compare(found.Version, version) > 0)
            return null;
        if (found.IsTaken)
            throw new SeshException("taken", $"~/.local/bin/sesh on {machine.Peer.Name} is a file of somebody's and no link", "move it away there, then run this again");
        var files = Files().Where(f => found.Digests.GetValueOrDefault(f.Name) != f.Digest).ToList();
        if (files.Count == 0 && found.Version == version)
            return null;
        foreach (var (path, name, _) in files)
            Send(path, name);
        Put([.. files.Select(f => f.Name)]);
        var size = files.Sum(f => new FileInfo(f.Path).Length) / 1e6;
        return string.Create(CultureInfo.InvariantCulture, $"copied {version} to ~/.local/lib/sesh ({size:0.0} MB), linked from ~/.local/bin");
    }

    private void Send(string path, string name)
    {
        using var file = File.OpenRead(path);
        var size = file.Length.ToString(CultureInfo.InvariantCulture);
        machine.Run(
            $"d=\"$HOME/.local/lib/sesh\"; mkdir -p \"$d\" \"$HOME/.local/bin\" && cat >\"$d/{name}.new\" && [ $(wc -c <\"$d/{name}.new\") -eq {size} ] && chmod 755 \"$d/{name}.new\" "
            + "|| { echo \"it did not arrive whole\" >&2; exit 1; }",
            file);
    }

    // It must run there before it takes the place of what may run there now.
    private void Put(IReadOnlyList<string> names)
    {
        var moves = string.Concat(names.Where(n => n != "sesh").Append("sesh").Where(names.Contains).Select(n => $" && mv -f {n}.new {n}"));
        var tried = names.Contains("sesh") ? " && ./sesh.new --version >/dev/null" : "";
        machine.Run($"cd \"$HOME/.local/lib/sesh\"{tried}{moves} && ln -sfn ../lib/sesh/sesh \"$HOME/.local/bin/sesh\"");
    }

    private IEnumerable<(string Path, string Name, string Digest)> Files()
    {
        var real = File.ResolveLinkTarget(program, returnFinalTarget: true)?.FullName ?? program;
        if (Path.GetFileName(real) != "sesh")
            throw new SeshException("exec", $"this is run by {real} and is no program of its own: there is nothing to copy", "run scripts/build, then out/sesh");
        yield return (real, "sesh", Digest(real));
        foreach (var path in Directory.EnumerateFiles(Path.GetDirectoryName(real)!).Where(f => f.EndsWith(".so", StringComparison.Ordinal) || f.EndsWith(".dylib", StringComparison.Ordinal)))
        {
            var name = Path.GetFileName(path);
            if (RemoteCommand.IsSafePath("/" + name))
                yield return (path, name, Digest(path));
        }
    }

    private static string Digest(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private static int Compare(string? there, string here) =>
        Version.TryParse(there?.Split(' ')[^1], out var a) && Version.TryParse(here.Split(' ')[^1], out var b) ? a.CompareTo(b) : -1;

    /// <summary>What a machine has already.</summary>
    private sealed record Found(string System, string? Program, string? Version, bool IsTaken, Dictionary<string, string> Digests)
    {
        public static Found Parse(string text)
        {
            var found = new Found("unknown", null, null, false, []);
            foreach (var line in text.Split('\n'))
            {
                var (word, rest) = line.IndexOf(' ', StringComparison.Ordinal) is > 0 and var gap ? (line[..gap], line[(gap + 1)..].Trim()) : (line, "");
                found = word switch
                {
                    "system" => found with { System = rest },
                    "program" => found with { Program = rest },
                    "version" => found with { Version = rest },
                    "taken" => found with { IsTaken = true },
                    _ => found,
                };
                if (word == "file" && rest.Split(' ', 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is [var digest, var name])
                    found.Digests[name.TrimStart('*')] = digest;
            }

            return found;
        }
    }
}
