namespace Sesh.Commands;

internal static class Models
{
    /// <summary>As the option gave it; null where it was not given.</summary>
    public static string? Of(string? given) =>
        given is null || !string.IsNullOrWhiteSpace(given) ? given : throw new UsageException("the model is blank", "an unset shell variable? leave --model out for the default");
}
