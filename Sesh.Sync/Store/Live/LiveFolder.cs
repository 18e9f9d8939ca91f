using Sesh.Sync.Documents;

namespace Sesh.Sync.Store.Live;

/// <summary>The files under <c>live/</c> as they stand at one moment. A file's header says whose it is, its name is a hint.</summary>
internal sealed class LiveFolder : IDisposable
{
    private readonly List<LiveFile> _files = [];
    private readonly List<Notice> _notices = [];

    private LiveFolder()
    {
    }

    /// <summary>Latest incarnation and stamp first; of copies of one replica's file only the latest.</summary>
    public IReadOnlyList<LiveFile> Files => _files;

    public IReadOnlyList<Notice> Notices => _notices;

    public static string Of(string home) => Path.Combine(home, "live");

    /// <summary>Where a machine's file belongs.</summary>
    /// <param name="replica">Zero for one that has not written a document yet.</param>
    public static string PathOf(string home, string machine, ReplicaId replica) =>
        Path.Combine(Of(home), replica == default ? $"{machine}.live" : $"{machine}.{replica}.live");

    /// <summary>Puts content in a file's place, all or nothing. Two replacers of one path need a lock between them.</summary>
    public static void Replace(string path, byte[] bytes)
    {
        var beside = path + ".new";
        using (var file = new FileStream(beside, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            BufferSize = 0,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            file.Write(bytes);
        }

        File.Move(beside, path, overwrite: true);
    }

    /// <summary>Puts another header over the rows of a file, which nobody need read for it. As <see cref="Replace"/>.</summary>
    public static void ReplaceHeader(LiveFile file, LiveHeader header)
    {
        var beside = file.Path + ".new";
        File.Copy(file.Path, beside, overwrite: true);
        using (var handle = File.OpenHandle(beside, FileMode.Open, FileAccess.Write))
        {
            Span<byte> head = stackalloc byte[LiveHeader.Size];
            header.Write(head);
            RandomAccess.Write(handle, head, 0);
        }

        File.Move(beside, file.Path, overwrite: true);
    }

    public static LiveFolder Open(string home)
    {
        var folder = new LiveFolder();
        foreach (var path in Paths(home))
        {
            if (LiveFile.Open(path, out var notice) is { } file)
                folder.Add(file);
            if (notice is not null)
                folder._notices.Add(notice);
        }

        folder._files.Sort((a, b) => Newness(b.Header, a.Header));
        return folder;
    }

    public void Dispose() => _files.ForEach(f => f.Dispose());

    private static string[] Paths(string home)
    {
        try
        {
            return Directory.GetFiles(Of(home), "*.live");
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Observations only ever add to what the documents say.
            return [];
        }
    }

    private static int Newness(LiveHeader a, LiveHeader b)
    {
        var order = a.Incarnation.CompareTo(b.Incarnation);
        return order == 0 ? a.Stamp.CompareTo(b.Stamp) : order;
    }

    private void Add(LiveFile file)
    {
        var copy = _files.FindIndex(f => f.Header.Machine == file.Header.Machine && f.Header.Replica == file.Header.Replica);
        if (copy < 0)
        {
            _files.Add(file);
        }
        else if (Newness(file.Header, _files[copy].Header) > 0)
        {
            _files[copy].Dispose();
            _files[copy] = file;
        }
        else
        {
            file.Dispose();
        }
    }
}
