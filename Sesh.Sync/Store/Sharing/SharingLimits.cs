namespace Sesh.Sync.Store.Sharing;

/// <summary>What is taken from others at most. Real homes stay far below; beyond, a parcel is refused by itself.</summary>
internal static class SharingLimits
{
    /// <summary>Of one document, in bytes as it lies in its file.</summary>
    public const int Document = 64 << 20;

    /// <summary>Of one frame's payload: an entry takes 30 times its bytes in memory.</summary>
    public const int Frame = 16 << 20;

    /// <summary>Of blocks that only newer versions know, in one parcel: no digest covers them.</summary>
    public const int Unknown = 1 << 20;

    /// <summary>Of a compacted part when inflated.</summary>
    public const int Inflated = 64 << 20;

    /// <summary>Of entries in it.</summary>
    public const int BaseEntries = 1 << 20;

    /// <summary>Of files in docs/, and of their bytes.</summary>
    public const int Files = 4096;
    public const long AllFiles = 4L << 30;

    /// <summary>Of files of one replica: its branches.</summary>
    public const int Branches = 16;

    /// <summary>A document of one's own goes in steps of so many bytes, each under a head of its own, so that a transfer that broke off goes on where it was.</summary>
    public const int Step = 1 << 20;

    /// <summary>Of a live row, of the rows in one parcel, of those in one file; the last in bytes too.</summary>
    public const int LiveRow = 64 << 10;
    public const int LiveParcel = 8 << 20;
    public const int LiveRows = 100_000;
    public const int LiveFile = 64 << 20;

    /// <summary>Of files in live/.</summary>
    public const int LiveFiles = 1024;

    /// <summary>How far ahead of its own clock a machine may observe, in milliseconds: clocks are set back by their upkeep.</summary>
    public const long Ahead = 60_000;
}
