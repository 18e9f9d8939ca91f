using System.Text;
using System.Text.Json;
using Xunit;

namespace Sesh.Tests.Commands;

public sealed class TranscriptVerbsTests : IDisposable
{
    private const string One = "8b7b4450-0000-4000-8000-000000000001";
    private const string Two = "8b7b4450-0000-4000-8000-000000000002";

    private readonly CommandWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Tail_is_readable_and_raw_is_byte_for_byte()
    {
        var path = _world.Transcript(One, "one", "two");
        _world.Do("adopt");

        Assert.Equal("user: two\nassistant: echo: two\n", _world.Do("tail", "8b7b", "-n", "2"));
        Assert.Equal(File.ReadLines(path).Last() + "\n", _world.Do("tail", "8b7b", "--raw", "-n", "1"));
        Assert.Equal(File.ReadAllText(path), _world.Do("transcript", "8b7b", "--raw"));
        Assert.Equal("", _world.Do("tail", "8b7b", "-n", "0"));
    }

    [Fact]
    public void A_transcript_can_be_had_as_markdown_and_as_json()
    {
        _world.Transcript(One, "one");
        _world.Do("adopt");

        Assert.Equal("## User · 2026-11-20 10:00:00Z\n\none\n\n## Assistant · 2026-11-20 10:00:02Z\n\necho: one\n\n", _world.Do("transcript", "8b7b", "--format", "md"));
        using var json = JsonDocument.Parse(_world.Do("transcript", "8b7b", "--format", "json"));
        Assert.Equal(["user", "assistant"], json.RootElement.EnumerateArray().Select(e => e.GetProperty("role").GetString()));
    }

    [Fact]
    public void Escape_sequences_in_a_transcript_are_made_visible_and_raw_leaves_them()
    {
        _world.Transcript(One, "a\\u001b[31mb\\u202ec");
        _world.Do("adopt");

        Assert.StartsWith("user: a␛[31mb<U+202E>c\n", _world.Do("tail", "8b7b"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Following_shows_what_comes_and_ends_with_130()
    {
        var path = _world.Transcript(One, "one");
        _world.Do("adopt");
        using var stop = new CancellationTokenSource();
        _world.Cancel = stop.Token;
        var output = new Heard();
        var running = Task.Run(() => _world.Run(output, Stream.Null, "tail", "8b7b", "-f", "-n", "1"), TestContext.Current.CancellationToken);
        await output.Until("echo: one");

        await File.AppendAllTextAsync(path, CommandWorld.Turn(One, "two"), TestContext.Current.CancellationToken);
        await output.Until("echo: two");
        await File.WriteAllTextAsync(path, CommandWorld.Turn(One, "three"), TestContext.Current.CancellationToken);
        await output.Until("echo: three");

        await stop.CancelAsync();
        Assert.Equal(130, await running);
        Assert.Equal("assistant: echo: one\nuser: two\nassistant: echo: two\nuser: three\nassistant: echo: three\n", output.ToString());
    }

    [Fact]
    public void A_session_without_a_transcript_and_one_of_another_machine_are_told()
    {
        _world.Add(Two);
        Assert.Contains("has no transcript here", _world.Run("tail", Two).Complaint, StringComparison.Ordinal);

        using var beta = new CommandWorld("beta");
        beta.Add(One, machine: "beta");
        Directory.CreateDirectory(Path.Combine(_world.Home, "docs"));
        foreach (var document in Directory.GetFiles(Path.Combine(beta.Home, "docs")))
            File.Copy(document, Path.Combine(_world.Home, "docs", Path.GetFileName(document)));
        var ran = _world.Run("transcript", One);

        Assert.Equal(1, ran.Status);
        Assert.Equal("beta cannot be reached; never heard of; it is no peer of this machine; add it with \"sesh peer add beta DEST\", or run this there", ran.Complaint);
    }

    /// <summary>Standard output that a test listens to.</summary>
    private sealed class Heard : Stream
    {
        private readonly StringBuilder _text = new();
        private readonly SemaphoreSlim _more = new(0);

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public async Task Until(string text)
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (!ToString().Contains(text, StringComparison.Ordinal))
                await _more.WaitAsync(deadline.Token);
        }

        public override string ToString()
        {
            lock (_text)
                return _text.ToString();
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            lock (_text)
                _text.Append(Encoding.UTF8.GetString(buffer));
            _more.Release();
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
