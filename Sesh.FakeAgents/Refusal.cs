namespace Sesh.FakeAgents;

/// <summary>The agent does not start, and says so as the real one does.</summary>
internal sealed class Refusal(string words) : Exception(words);
