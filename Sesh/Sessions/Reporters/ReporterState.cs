namespace Sesh.Sessions.Reporters;

/// <summary>How it stands with our reporter in an agent's settings.</summary>
internal enum ReporterState : byte
{
    /// <summary>Nothing of ours is there.</summary>
    Missing,
    Installed,

    /// <summary>Whole, but another program's or another home's: of an older installation.</summary>
    Other,

    /// <summary>Neither as we would write it nor gone: changed by hand.</summary>
    Changed,

    /// <summary>The agent has no folder here: it was never run.</summary>
    NoAgent,
}
