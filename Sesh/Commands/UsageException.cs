using Sesh.Sync;

namespace Sesh.Commands;

/// <summary>The command line is wrong; nothing was done.</summary>
internal sealed class UsageException(string message, string? hint = null) : SeshException("usage", message, hint, exitCode: 2);
