using System.Globalization;
using Sesh.Sync.Store.Files;

namespace Sesh.Sync.Transports;

/// <summary>What known_hosts files say of a host's key.</summary>
/// <param name="Place">File and line that decided; null for <see cref="HostTrust.Unknown"/>.</param>
internal readonly record struct HostVerdict(HostTrust Trust, string? Place = null);

internal enum HostTrust : byte
{
    /// <summary>No line names the host.</summary>
    Unknown,

    Trusted,

    /// <summary>Lines name the host, and all with other keys.</summary>
    Changed,

    Revoked,

    /// <summary>Only an authority that signs hosts' certificates is known, and this is no certificate.</summary>
    NeedsCertificate,
}

/// <summary>
/// known_hosts files, read as OpenSSH reads them: plain, hashed and wildcard names, ports, several keys a host, <c>@revoked</c>, <c>@cert-authority</c>. One difference: a
/// host known by keys of other types alone has changed here, where OpenSSH calls it new, for whoever stands between could offer just such a key.
/// </summary>
internal sealed class KnownHosts
{
    private const long MostBytes = 16 << 20;

    private readonly List<(KnownHostsLine Line, string Place)> _lines = [];

    /// <summary>In this order. Files that are not there or cannot be read say nothing, as with OpenSSH.</summary>
    public static KnownHosts Read(IEnumerable<string> paths)
    {
        var known = new KnownHosts();
        foreach (var path in paths)
            known.Add(path);
        return known;
    }

    /// <summary>The names a host is looked up by: the first is the one to write.</summary>
    /// <param name="alias">HostKeyAlias; stands for all else.</param>
    public static IReadOnlyList<string> NamesOf(string host, int port, string? alias)
    {
        if (alias is not null)
            return [alias.ToLowerInvariant()];
        var plain = host.ToLowerInvariant();
        return port == 22 ? [plain] : [string.Create(CultureInfo.InvariantCulture, $"[{plain}]:{port}"), plain];
    }

    public HostVerdict Check(IReadOnlyList<string> names, HostKey key)
    {
        var revoked = _lines.FirstOrDefault(l => l.Line.Marker == HostMarker.Revoked && l.Line.Key == key && names.Any(l.Line.Names));
        if (revoked.Line is not null)
            return new HostVerdict(HostTrust.Revoked, revoked.Place);
        var keys = Of(names, HostMarker.None);
        foreach (var (line, place) in keys)
        {
            if (line.Key == key)
                return new HostVerdict(HostTrust.Trusted, place);
        }

        // A key under the host's plain name stands for whatever port; another key there says nothing about this one.
        var same = keys.Where(k => k.Line.Names(names[0])).OrderByDescending(k => k.Line.Key.Type == key.Type).ToList();
        if (same.Count > 0)
            return new HostVerdict(HostTrust.Changed, same[0].Place);
        var authorities = Of(names, HostMarker.Authority);
        return authorities.Count > 0 ? new HostVerdict(HostTrust.NeedsCertificate, authorities[0].Place) : new HostVerdict(HostTrust.Unknown);
    }

    /// <summary>Types of the keys known for a host: to be asked for first, else a host with several would look changed.</summary>
    public IReadOnlyList<string> TypesOf(IReadOnlyList<string> names) => [.. Of(names, HostMarker.None).Select(l => l.Line.Key.Type).Distinct()];

    public bool HasAuthority(IReadOnlyList<string> names) => Of(names, HostMarker.Authority).Count > 0;

    /// <summary>Whether a line without a marker has just this key for a host.</summary>
    public bool Has(string name, HostKey key) => _lines.Any(l => l.Line.Marker == HostMarker.None && l.Line.Key == key && l.Line.Names(name));

    private List<(KnownHostsLine Line, string Place)> Of(IReadOnlyList<string> names, HostMarker marker) =>
        _lines.FindAll(l => l.Line.Marker == marker && names.Any(l.Line.Names));

    private void Add(string path)
    {
        string text;
        try
        {
            if (PosixFiles.Instance.Stat(path) is not { Kind: FileKind.File, Size: <= MostBytes })
                return;
            text = System.Text.Encoding.UTF8.GetString(PosixFiles.Instance.Read(path));
        }
        catch (StoreFileException)
        {
            // As the summary says; a host that is then not known is refused.
            return;
        }

        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            if (KnownHostsLine.TryParse(line, out var parsed))
                _lines.Add((parsed, string.Create(CultureInfo.InvariantCulture, $"{path}:{number}")));
        }
    }
}
