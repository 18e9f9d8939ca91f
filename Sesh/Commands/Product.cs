namespace Sesh.Commands;

internal static class Product
{
    /// <summary>The program's name and version, one line. Kept beside the project's version by a test, since reading it back by reflection costs at every start.</summary>
    public const string Version = "sesh " + Number;

    public const string Number = "0.1.0";
}
