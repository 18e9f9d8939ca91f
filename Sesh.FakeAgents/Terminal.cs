using System.Runtime.InteropServices;
using System.Text;
using System.Threading.Channels;
using Microsoft.Win32.SafeHandles;

namespace Sesh.FakeAgents;

internal enum KeyKind
{
    Text,
    Enter,
    Escape,
    Clear,
    Backspace,
    Leave,
    End,
}

internal readonly record struct Key(KeyKind Kind, string Text = "");

/// <summary>The terminal, raw, without <see cref="Console"/>, which would have its own mind about it.</summary>
internal static unsafe partial class Terminal
{
    private static readonly FileStream Output = new(new SafeFileHandle(1, false), FileAccess.Write, 0);

    public static void Write(string text) => Output.Write(Encoding.UTF8.GetBytes(text));

    /// <summary>Keys as they come, pasted text in one piece; the mode is put back by <see cref="Restore"/>.</summary>
    public static ChannelReader<Key> Open()
    {
        var mode = stackalloc byte[256];
        if (TcGetAttr(0, mode) == 0)
        {
            CfMakeRaw(mode);
            TcSetAttr(0, 0, mode);
        }

        Write("\e[?2004h\e[2J");
        var keys = Channel.CreateUnbounded<Key>();
        new Thread(() => ReadKeys(keys.Writer)) { IsBackground = true }.Start();
        return keys.Reader;
    }

    public static void Restore() => Write("\e[?2004l\e[0m\r\n");

    public static void Title(string title) => Write($"\e]2;{title}\a");

    public static void Paint(IEnumerable<string> lines) => Write("\e[H" + string.Concat(lines.Select(line => line + "\e[K\r\n")) + "\e[J");

    private static void ReadKeys(ChannelWriter<Key> into)
    {
        using var input = new FileStream(new SafeFileHandle(0, false), FileAccess.Read, 0);
        var bytes = new byte[64 << 10];
        var decoder = Encoding.UTF8.GetDecoder();
        var text = new StringBuilder();
        var chars = new char[bytes.Length];
        while (true)
        {
            int read;
            try
            {
                read = input.Read(bytes);
            }
            catch (IOException)
            {
                // The terminal is gone.
                read = 0;
            }

            if (read == 0)
            {
                into.TryWrite(new Key(KeyKind.End));
                return;
            }

            text.Append(chars, 0, decoder.GetChars(bytes, 0, read, chars, 0));
            Split(text, into);
        }
    }

    private static void Split(StringBuilder text, ChannelWriter<Key> into)
    {
        const string From = "\e[200~", To = "\e[201~";
        var all = text.ToString();
        text.Clear();
        for (var i = 0; i < all.Length; i++)
        {
            if (all.AsSpan(i).StartsWith(From))
            {
                var end = all.IndexOf(To, i, StringComparison.Ordinal);
                if (end < 0)
                {
                    // The rest of the paste is still to come.
                    text.Append(all, i, all.Length - i);
                    return;
                }

                into.TryWrite(new Key(KeyKind.Text, all[(i + From.Length)..end].Replace('\r', '\n')));
                i = end + To.Length - 1;
            }
            else if (all[i] == '\e' && i + 1 < all.Length && all[i + 1] is '[' or 'O')
            {
                for (i += 2; i < all.Length && all[i] is < '@' or > '~'; i++)
                {
                }
            }
            else
            {
                into.TryWrite(all[i] switch
                {
                    '\r' or '\n' => new Key(KeyKind.Enter),
                    '\e' => new Key(KeyKind.Escape),
                    '\u0015' => new Key(KeyKind.Clear),
                    '\u007f' or '\b' => new Key(KeyKind.Backspace),
                    '\u0003' or '\u0004' => new Key(KeyKind.Leave),
                    var letter => new Key(KeyKind.Text, letter.ToString()),
                });
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    private static partial int TcGetAttr(int descriptor, byte* mode);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    private static partial int TcSetAttr(int descriptor, int when, byte* mode);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    private static partial void CfMakeRaw(byte* mode);
}
