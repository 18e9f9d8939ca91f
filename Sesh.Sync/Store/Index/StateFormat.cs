using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Sesh.Sync.Documents;

namespace Sesh.Sync.Store.Index;

/// <summary>A session's registers in the index.</summary>
internal sealed class StateFormat(ReplicaNumbers replicas)
{
    private const byte HasKey = 1;

    /// <summary>One entry, and nothing seen but it: the rule.</summary>
    private const byte IsAlone = 2;

    // Flags, field; the least of an entry: replica, seq, check, time, value, extra, context.
    private const int LeastRegister = 2;
    private const int LeastEntry = 21;

    public void Write(ByteSink sink, SessionState state)
    {
        sink.Number(state.Registers.Length);
        foreach (var register in state.Registers)
            Write(sink, register);
    }

    public SessionState Read(ref ByteSource source, SessionId session)
    {
        var registers = new RegisterState[source.Count(LeastRegister)];
        for (var i = 0; i < registers.Length; i++)
            registers[i] = ReadRegister(ref source, session);
        return new SessionState(session, ImmutableCollectionsMarshal.AsImmutableArray(registers));
    }

    private void Write(ByteSink sink, RegisterState state)
    {
        var isAlone = state is { Survivors: [var only], Replaced.IsEmpty: true } && IsOnly(state.Seen, only.Name);
        sink.Byte((byte)((state.Register.Key is null ? 0 : HasKey) | (isAlone ? IsAlone : 0)));
        sink.Byte((byte)state.Register.Field);
        if (state.Register.Key is { } key)
            sink.Text(key);
        if (isAlone)
        {
            Write(sink, state.Survivors[0]);
            return;
        }

        Write(sink, state.Survivors);
        Write(sink, state.Replaced);
        Write(sink, state.Seen);
    }

    private RegisterState ReadRegister(ref ByteSource source, SessionId session)
    {
        var flags = source.Byte();
        var field = (Field)source.Byte();
        var register = new Register(session, field, (flags & HasKey) == 0 ? null : source.Text());
        if ((flags & IsAlone) != 0)
        {
            var only = ReadEntry(ref source, register);
            return new RegisterState(register, [only], Context.OfSorted([only.Name]));
        }

        var survivors = ReadEntries(ref source, register);
        var replaced = ReadEntries(ref source, register);
        return new RegisterState(register, survivors, ReadContext(ref source)) { Replaced = replaced };
    }

    private static bool IsOnly(Context seen, EntryName name) =>
        seen.Seen is [var (replica, marks)] && replica == name.Replica && marks is [var mark] && mark.Seq == name.Seq && mark.Check == name.Check;

    private void Write(ByteSink sink, ImmutableArray<Entry> entries)
    {
        sink.Number(entries.Length);
        foreach (var entry in entries)
            Write(sink, entry);
    }

    private ImmutableArray<Entry> ReadEntries(ref ByteSource source, Register register)
    {
        var count = source.Count(LeastEntry);
        if (count == 0)
            return [];
        var entries = new Entry[count];
        for (var i = 0; i < count; i++)
            entries[i] = ReadEntry(ref source, register);
        return ImmutableCollectionsMarshal.AsImmutableArray(entries);
    }

    private void Write(ByteSink sink, Entry entry)
    {
        sink.Number(replicas.Of(entry.Name.Replica));
        sink.Number(entry.Name.Seq);
        sink.UInt64(entry.Name.Check.Bits);
        sink.UInt64(entry.Hlc.Bits);
        ValueFormat.Write(sink, entry.Value);
        ValueFormat.Write(sink, entry.Extra);
        Write(sink, entry.Context);
    }

    private Entry ReadEntry(ref ByteSource source, Register register)
    {
        var name = new EntryName(replicas.At(source.Number()), source.Long(), new Check(source.UInt64()));
        var hlc = new Hlc(source.UInt64());
        var value = ValueFormat.Read(ref source);
        var extra = ValueFormat.Read(ref source);
        return new Entry(name, hlc, register, value, ReadContext(ref source)) { Extra = extra };
    }

    private void Write(ByteSink sink, Context context)
    {
        var names = 0;
        foreach (var (_, marks) in context.Seen)
            names += marks.Length;
        sink.Number(names);
        foreach (var (replica, marks) in context.Seen)
        {
            foreach (var mark in marks)
            {
                sink.Number(replicas.Of(replica));
                sink.Number(mark.Seq);
                sink.UInt64(mark.Check.Bits);
            }
        }
    }

    private Context ReadContext(ref ByteSource source)
    {
        var count = source.Count(10);
        if (count == 0)
            return Context.Empty;
        var names = new EntryName[count];
        for (var i = 0; i < count; i++)
            names[i] = new EntryName(replicas.At(source.Number()), source.Long(), new Check(source.UInt64()));
        return Context.OfSorted(names);
    }
}
