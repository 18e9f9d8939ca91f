namespace Sesh.Bench;

/// <summary>What <c>scripts/bench</c> passes on.</summary>
/// <param name="Runs">Of each program; medians are of these.</param>
/// <param name="Only">Figures to measure; empty for all.</param>
/// <param name="Sesh">The binary.</param>
/// <param name="Work">A folder to write in; its owner deletes it.</param>
/// <param name="Node">A node to run Automerge in; empty where there is none.</param>
/// <param name="Automerge">The folder whose <c>node_modules</c> hold it.</param>
internal sealed record Options(int Runs, IReadOnlySet<string> Only, string Sesh, string Work, string Node, string Automerge)
{
    public const int FullRuns = 31;
    public const int QuickRuns = 7;

    public bool Quick => Runs < FullRuns;

    public bool Wants(params ReadOnlySpan<string> figures)
    {
        foreach (var figure in figures)
        {
            if (Only.Count == 0 || Only.Contains(figure))
                return true;
        }

        return false;
    }

    public static Options Parse(string[] arguments)
    {
        var (runs, only, sesh, work, node, automerge) = (FullRuns, new HashSet<string>(), "", "", "", "");
        for (var i = 0; i < arguments.Length; i++)
        {
            string Next() => i + 1 < arguments.Length ? arguments[++i] : throw new ArgumentException($"{arguments[i]} needs a value");
            switch (arguments[i])
            {
                case "--quick":
                    runs = QuickRuns;
                    break;
                case "--only":
                    only = [.. Next().Split(',')];
                    break;
                case "--sesh":
                    sesh = Next();
                    break;
                case "--work":
                    work = Next();
                    break;
                case "--node":
                    node = Next();
                    break;
                case "--automerge":
                    automerge = Next();
                    break;
                default:
                    throw new ArgumentException($"unknown option {arguments[i]}");
            }
        }

        return new Options(runs, only, sesh, work, node, automerge);
    }
}
