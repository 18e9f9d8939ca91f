namespace Sesh.Commands;

/// <summary>What a shell may offer for a word.</summary>
internal enum Completes : byte
{
    Nothing,
    Session,
    ArchivedSession,
    Tag,
    OwnTag,
    OwnTagToChange,
    Operation,
    Machine,
    OtherMachine,
    Peer,
    Agent,
    Verb,
    Shell,
    Column,
    Field,
    Hook,
}
