using System.Security.Cryptography;
using System.Text;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Accounts;

/// <summary>Ids in Klaviyo's forms, the same for the same thing after every start.</summary>
internal static class StableIds
{
    private const string Letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
    private const string Crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    public static string Short(params string[] parts) => Draw(Letters, 6, parts);

    public static string Profile(params string[] parts) => "01" + Draw(Crockford, 24, parts);

    private static string Draw(string alphabet, int length, string[] parts)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts)));
        return string.Create(length, (hash, alphabet), static (span, state) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = state.alphabet[state.hash[i] % state.alphabet.Length];
        });
    }
}
