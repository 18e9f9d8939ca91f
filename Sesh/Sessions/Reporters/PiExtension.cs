using System.Text;

namespace Sesh.Sessions.Reporters;

/// <summary>The extension that pi loads from <c>extensions/sesh.ts</c>. It lies in the program as a resource, as it is written.</summary>
internal static class PiExtension
{
    private const string Mark = "// sesh's reporter for pi, version ";

    public static byte[] Bytes
    {
        get
        {
            using var resource = typeof(PiExtension).Assembly.GetManifestResourceStream("sesh.ts")!;
            var bytes = new byte[resource.Length];
            resource.ReadExactly(bytes);
            return bytes;
        }
    }

    public static bool IsOurs(byte[] content) => FirstLine(content).StartsWith(Mark, StringComparison.Ordinal);

    /// <summary>Its first line names another version.</summary>
    public static bool IsOtherVersion(byte[] content) => IsOurs(content) && FirstLine(content) != FirstLine(Bytes);

    private static string FirstLine(byte[] content)
    {
        var end = content.AsSpan().IndexOf((byte)'\n');
        return Encoding.UTF8.GetString(content, 0, end < 0 ? content.Length : end);
    }
}
