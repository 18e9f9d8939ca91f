namespace Sesh.Processes;

/// <summary>The process table of this machine.</summary>
internal static class ProcessTable
{
    /// <summary>A table that is read when first asked for and does not change after.</summary>
    public static IProcesses Open() => OperatingSystem.IsMacOS() ? new PsTable() : new ProcTable();
}
