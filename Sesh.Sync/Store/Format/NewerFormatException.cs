namespace Sesh.Sync.Store.Format;

/// <summary>A document of a format that this version cannot read, and so does not touch.</summary>
internal sealed class NewerFormatException(int major) : Exception($"format {major}")
{
    public int Major { get; } = major;
}
