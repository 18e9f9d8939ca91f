namespace Sesh.Sync.Wire;

/// <summary>
/// What a frame is. A frame on the wire: varint of channel × 32 + kind, varint of the payload's length, payload. Channels belong to requests, numbered by whoever asks; which of the
/// two sides' numbers is meant follows from the kind.
/// </summary>
internal enum FrameKind : byte
{
    Hello = 0,
    Ping = 1,
    Pong = 2,
    Goodbye = 3,

    /// <summary>A piece of the stream of parcels and markers; under credit.</summary>
    Exchange = 4,
    ExchangeCredit = 5,

    /// <summary>What became of a parcel, in the order in which they came.</summary>
    Receipt = 6,

    /// <summary>How the sender's vector differs from what it last told.</summary>
    State = 7,

    /// <summary>From the asker: a request begins.</summary>
    Open = 8,

    /// <summary>From the asker: standard input, under credit; an empty one ends it.</summary>
    Input = 9,

    /// <summary>To the asker, under credit.</summary>
    Output = 10,
    Errors = 11,
    InputCredit = 12,
    OutputCredit = 13,
    ErrorsCredit = 14,

    /// <summary>To the asker: the request is over, with its exit status or with an error.</summary>
    Exit = 15,
    Fail = 16,

    /// <summary>From the asker: nobody waits any more.</summary>
    Cancel = 17,
    Resize = 18,

    /// <summary>Kinds from here on may be ignored by who does not know them.</summary>
    FirstIgnorable = 24,
}

/// <summary>The sizes of the protocol. Both sides must have the same, so a change is a new protocol version.</summary>
internal static class Limits
{
    /// <summary>Of a frame's payload: a request's words and what they are wrapped in.</summary>
    public const int Payload = Request.MaxBytes + (8 << 10);

    /// <summary>Of a frame's head.</summary>
    public const int Head = 10;

    /// <summary>How much of a stream is put into one frame, so that the others get their turn.</summary>
    public const int Piece = 16 << 10;

    /// <summary>Sent and not yet taken in, at most: of the exchange, of one stream of a request.</summary>
    public const int ExchangeWindow = 1 << 20;
    public const int StreamWindow = 256 << 10;

    /// <summary>Of one parcel, inflated: a block of a document file may be as large.</summary>
    public const int Parcel = (64 << 20) + (64 << 10);

    /// <summary>Of one parcel that came compressed: few bytes make no more than this.</summary>
    public const int Inflated = 16 << 20;

    /// <summary>Parcels on their way that are not answered yet.</summary>
    public const int Unanswered = 64;

    /// <summary>Requests at work at once, on each side.</summary>
    public const int Requests = 32;

    /// <summary>Documents, and live files, that one machine may name.</summary>
    public const int Entries = 8192;

    /// <summary>What may wait to be sent without having waited for its turn: answers to what the other side sends.</summary>
    public const int Posted = 1 << 20;

    /// <summary>Blocks of a parcel, rows of a parcel.</summary>
    public const int Blocks = 1 << 20;
    public const int Rows = 200_000;

    /// <summary>Words of a request.</summary>
    public const int Arguments = 1024;

    /// <summary>Of a message or a reason, in characters.</summary>
    public const int Text = 2000;
}
