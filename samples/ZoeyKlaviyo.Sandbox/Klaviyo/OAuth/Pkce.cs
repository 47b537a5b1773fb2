using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.OAuth;

internal static partial class Pkce
{
    public static bool IsChallenge(string challenge) => ChallengePattern().IsMatch(challenge);

    public static bool Matches(string verifier, string challenge) =>
        VerifierPattern().IsMatch(verifier) && Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))) == challenge;

    [GeneratedRegex("^[A-Za-z0-9_-]{43}$")]
    private static partial Regex ChallengePattern();

    [GeneratedRegex("^[A-Za-z0-9._~-]{43,128}$")]
    private static partial Regex VerifierPattern();
}
