using System.Runtime.InteropServices;
using System.Text;

namespace Sesh.Processes;

/// <summary>A NULL-ended array of C strings, as <c>execve</c> takes it. Owns its memory.</summary>
internal sealed unsafe class NativeStrings : IDisposable
{
    private byte* _text;

    public NativeStrings(IReadOnlyCollection<string> strings)
    {
        var bytes = 0;
        foreach (var s in strings)
        {
            if (s.Contains('\0'))
                throw new ArgumentException("a NUL character cannot be passed to a program");
            bytes += Encoding.UTF8.GetByteCount(s) + 1;
        }

        // One block: the pointers first, so that they are aligned, then the text.
        var table = (strings.Count + 1) * sizeof(byte*);
        _text = (byte*)NativeMemory.Alloc((nuint)(table + bytes));
        Pointers = (byte**)_text;
        var at = _text + table;
        var i = 0;
        foreach (var s in strings)
        {
            Pointers[i++] = at;
            at += Encoding.UTF8.GetBytes(s, new Span<byte>(at, bytes));
            *at++ = 0;
        }

        Pointers[i] = null;
    }

    public byte** Pointers { get; private set; }

    public void Dispose()
    {
        NativeMemory.Free(_text);
        _text = null;
        Pointers = null;
    }
}
