using System.Globalization;
using Sesh.Sync;

namespace Sesh.Config;

/// <summary>A fault in a file of settings, at a place.</summary>
internal sealed class ConfigException(string path, int line, int column, string message, string? hint = null)
    : SeshException("config", string.Create(CultureInfo.InvariantCulture, $"{path}:{line}:{column}: {message}"), hint);
