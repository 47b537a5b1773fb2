using System.Text.RegularExpressions;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Events;

internal static partial class EmailRules
{
    public const string Invalid = "Invalid email address";

    private static readonly string[] s_droppedDomains = ["example.com", "test.com"];

    public static bool IsValid(string address) => address.Length < 100 && AddressPattern().IsMatch(address);

    /// <summary>Klaviyo answers 202 for these and keeps nothing.</summary>
    public static bool IsDropped(string address) =>
        s_droppedDomains.Contains(address[(address.LastIndexOf('@') + 1)..], StringComparer.OrdinalIgnoreCase);

    [GeneratedRegex(@"^[^\s@.,;:<>()\[\]""\\]+(\.[^\s@.,;:<>()\[\]""\\]+)*@([^\s@.,/_]+\.)+[^\s@.,/_]{2,}$")]
    private static partial Regex AddressPattern();
}
