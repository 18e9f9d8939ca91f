using System.Runtime.InteropServices;

namespace Sesh.Sync.Store.Files;

/// <summary>The last failed call's error number, as the store sees it.</summary>
internal static class Errno
{
    private const int Interrupted = 4;

    public static bool LastWasInterrupt => Marshal.GetLastPInvokeError() == Interrupted;

    /// <summary>EWOULDBLOCK: it would have had to wait.</summary>
    public static bool LastWasBusy => Marshal.GetLastPInvokeError() == (OperatingSystem.IsMacOS() ? 35 : 11);

    public static StoreFileException Last(string path)
    {
        var error = Marshal.GetLastPInvokeError();
        return new StoreFileException(Fault(error), path, Marshal.GetPInvokeErrorMessage(error));
    }

    private static FileFault Fault(int error) => error switch
    {
        1 or 13 => FileFault.Denied, // EPERM, EACCES
        2 => FileFault.Missing,
        17 => FileFault.Exists,
        20 => FileFault.NotAFolder,
        28 => FileFault.NoSpace,
        30 => FileFault.ReadOnly,
        _ when error == (OperatingSystem.IsMacOS() ? 62 : 40) => FileFault.Missing, // ELOOP: a link that leads to itself leads to no file
        _ when error == (OperatingSystem.IsMacOS() ? 69 : 122) => FileFault.NoSpace, // EDQUOT
        _ => FileFault.Other,
    };
}
