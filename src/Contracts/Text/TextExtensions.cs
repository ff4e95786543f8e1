namespace FunctionsBroker.Contracts.Text;

/// <summary>What is done to text on its way out.</summary>
public static class TextExtensions
{
    /// <returns>The text where it has no more than so many UTF-16 code units, its beginning otherwise; never half a character.</returns>
    public static string Truncate(this string text, int maxLength)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, 1);

        return text.Length <= maxLength ? text : text[..(char.IsHighSurrogate(text[maxLength - 1]) ? maxLength - 1 : maxLength)];
    }
}
