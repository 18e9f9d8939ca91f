namespace Sesh.Processes;

/// <summary>Finding a program as <c>execvp</c> would.</summary>
internal static class Programs
{
    /// <summary>The absolute path of an executable file of this name on a PATH; a name with a slash stands for itself. Null where there is none.</summary>
    public static string? Find(string name, string? path)
    {
        if (name.Contains('/'))
            return IsExecutable(name) ? Path.GetFullPath(name) : null;
        if (name.Length == 0 || string.IsNullOrEmpty(path))
            return null;
        foreach (var folder in path.AsSpan().Split(':'))
        {
            // An empty part means the working directory to execvp; running what happens to lie there is nobody's wish.
            var part = path.AsSpan()[folder];
            if (part.IsEmpty || part[0] != '/')
                continue;
            var candidate = Path.Join(part, name);
            if (IsExecutable(candidate))
                return candidate;
        }

        return null;
    }

    public static bool IsExecutable(string path) => File.Exists(path) && Libc.Access(path, Libc.MayExecute) == 0;
}
