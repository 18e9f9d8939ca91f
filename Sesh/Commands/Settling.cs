using Sesh.Sync.Documents;

namespace Sesh.Commands;

/// <summary>Values set at once on several machines are all kept until somebody who has seen them sets one.</summary>
internal static class Settling
{
    /// <summary>What to type so that one value stands; where no verb sets the field, what tells more.</summary>
    public static string Command(Register register)
    {
        var session = register.Session;
        return register.Field switch
        {
            Field.Name => $"sesh rename {session} <name>",
            Field.Tag => $"sesh tag {session} {register.Key}, or untag",
            Field.Meta => $"sesh meta {session} {register.Key}=<value>",
            Field.Archived => $"sesh archive {session}, or unarchive",
            Field.Deleted => $"sesh delete {session}, or register it again",
            _ => $"sesh explain {session} tells who says so and why",
        };
    }
}
