using System.Text;
using Sesh.Sync.Documents;

namespace Sesh.Tests.Oracle;

/// <summary>States as text, to compare and to print.</summary>
internal static class Views
{
    /// <summary>What survives in every register.</summary>
    public static string Of(DocumentSet set)
    {
        var text = new StringBuilder();
        foreach (var session in set.States())
        {
            foreach (var register in session.Registers)
            {
                text.Append(register.Register).Append(':');
                foreach (var entry in register.Survivors)
                    text.Append(' ').Append(entry.Name).Append('@').Append(entry.Hlc).Append('=').Append(entry.Value);
                text.AppendLine();
            }
        }

        return text.ToString();
    }

    /// <summary>All of one register: contexts and replaced entries too.</summary>
    public static string Of(RegisterState state) =>
        $"{state.Register}: {string.Join(' ', state.Survivors.Select(e => e.Name))} replaced {string.Join(' ', state.Replaced.Select(e => e.Name))} seen {state.Seen}";

    /// <summary>Documents with their entries, to read after a failure.</summary>
    public static string Of(IEnumerable<Document> documents, Func<Entry, int> numberOf)
    {
        var text = new StringBuilder();
        foreach (var document in documents)
        {
            text.AppendLine().Append(document.Replica.ToString()[..8]).Append(" S=").Append(document.CompactedTo).Append(" L=").Append(document.AgedTo)
                .Append(" dropped ").AppendJoin(' ', document.Dropped);
            foreach (var entry in document.Entries())
            {
                text.AppendLine().Append("  #").Append(numberOf(entry)).Append(' ').Append(entry.Name).Append(' ').Append(entry.Register.Field).Append('=')
                    .Append(entry.Value).Append(' ').Append(entry.Context);
            }
        }

        return text.ToString();
    }
}
