namespace Sesh.Picking;

internal enum PickerAction : byte
{
    /// <summary>A key that means nothing here.</summary>
    Nothing,

    /// <summary>Text for the filter.</summary>
    Text,
    Up,
    Down,
    PageUp,
    PageDown,
    First,
    Last,
    Accept,
    Leave,
    Erase,
    EraseWord,
    EraseAll,
}

/// <param name="Text">What was typed, where that is text.</param>
internal readonly record struct PickerKey(PickerAction Action, string Text = "");
