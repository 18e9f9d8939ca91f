using System.Globalization;

namespace Sesh.Sync.Documents;

public enum ValueKind : byte
{
    /// <summary>No value: untagged, cleared, revived. Never wins against a concurrent value.</summary>
    Absent,
    Boolean,
    Integer,
    Text,

    /// <summary>MessagePack bytes of a kind this version does not know; kept as they are.</summary>
    Opaque,
}

/// <summary>An immutable value of a register. Text is any UTF-16 string without lone surrogates, at most <see cref="MaxTextBytes"/> of UTF-8.</summary>
public readonly struct Value : IEquatable<Value>
{
    /// <summary>1 MiB.</summary>
    public const int MaxTextBytes = 1 << 20;

    private readonly object? _reference;
    private readonly long _number;

    private Value(ValueKind kind, long number, object? reference)
    {
        Kind = kind;
        _number = number;
        _reference = reference;
    }

    public static Value Absent => default;

    public static Value True { get; } = new(ValueKind.Boolean, 1, null);

    public static Value False { get; } = new(ValueKind.Boolean, 0, null);

    public ValueKind Kind { get; }

    public bool IsAbsent => Kind == ValueKind.Absent;

    public static Value Of(bool value) => value ? True : False;

    public static Value Of(long value) => new(ValueKind.Integer, value, null);

    public static Value Of(string? value) => value is null ? Absent : new(ValueKind.Text, 0, value);

    public static Value OfOpaque(byte[] messagePack) => new(ValueKind.Opaque, 0, messagePack);

    /// <summary>The boolean, or null where this is none.</summary>
    public bool? AsBoolean() => Kind == ValueKind.Boolean ? _number != 0 : null;

    /// <summary>The integer, or null where this is none.</summary>
    public long? AsInteger() => Kind == ValueKind.Integer ? _number : null;

    /// <summary>The text, or null where this is none.</summary>
    public string? AsText() => _reference as string;

    /// <summary>The raw MessagePack bytes of an unknown kind, or null.</summary>
    public byte[]? AsOpaque() => _reference as byte[];

    public bool Equals(Value other) => Kind == other.Kind && _number == other._number && Kind switch
    {
        ValueKind.Text => string.Equals(AsText(), other.AsText(), StringComparison.Ordinal),
        ValueKind.Opaque => AsOpaque().AsSpan().SequenceEqual(other.AsOpaque()),
        _ => true,
    };

    public override bool Equals(object? obj) => obj is Value other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Kind, _number, AsText());

    public static bool operator ==(Value a, Value b) => a.Equals(b);

    public static bool operator !=(Value a, Value b) => !a.Equals(b);

    public override string ToString() => Kind switch
    {
        ValueKind.Absent => "absent",
        ValueKind.Boolean => _number != 0 ? "true" : "false",
        ValueKind.Integer => _number.ToString(CultureInfo.InvariantCulture),
        ValueKind.Text => AsText()!,
        _ => "0x" + Convert.ToHexStringLower(AsOpaque()!),
    };
}
