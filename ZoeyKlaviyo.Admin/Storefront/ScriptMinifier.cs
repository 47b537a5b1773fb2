using System.Text;
using System.Text.RegularExpressions;

namespace ZoeyKlaviyo.Admin.Storefront;

/// <summary>
/// Shortens <c>tracking.js</c>: comments and white space go, local names become one or two letters. It knows only what that file
/// uses. Strings have single quotes; a comment has its line to itself; members of objects are written out (<c>{ id: id }</c>); a
/// comma stands in no branch of <c>?:</c>; a global that is used is on <see cref="s_kept"/>.
/// </summary>
internal static partial class ScriptMinifier
{
    private const string Letters = "etnrisaoucdlfpmhgvybwkxqjzETNRISAOUCDLFPMHGVYBWKXQJZ";

    private static readonly HashSet<string> s_kept =
    [
        "const", "let", "if", "else", "return", "while", "new", "try", "catch", "typeof", "in", "true", "false", "null", "undefined",
        "window", "document", "navigator", "location", "performance", "crypto", "fetch", "setTimeout", "clearTimeout", "isNaN",
        "Array", "Blob", "BroadcastChannel", "Date", "JSON", "Math", "NaN", "Object", "Promise", "URL", "Uint32Array",
    ];

    public static string Minify(string source)
    {
        var tokens = Token().Matches(source).Select(match => match.Value).Where(token => !IsBlank(token)).ToList();
        var names = Enumerable.Range(0, tokens.Count).Where(i => IsLocal(tokens, i)).GroupBy(i => tokens[i])
            .OrderByDescending(uses => uses.Count()).ThenBy(uses => uses.Key, StringComparer.Ordinal)
            .Select((uses, rank) => (uses.Key, Name: NameOf(rank))).ToDictionary(pair => pair.Key, pair => pair.Name);
        var result = new StringBuilder();
        // For each open bracket, whether a declaration is going on in it, which another one may continue behind a comma.
        var declares = new Stack<bool>([false]);
        for (var i = 0; i < tokens.Count; i++)
        {
            var (token, next) = (tokens[i], i + 1 < tokens.Count ? tokens[i + 1] : "");
            if (token is "(" or "[" or "{")
                declares.Push(false);
            else if (token is ")" or "]" or "}")
                declares.Pop();
            if (token is "," or ";" && next is "}" or "]" or ")")
                continue;
            if (token == ";" && declares.Pop() is var declared)
            {
                declares.Push(declared && IsDeclaration(next));
                token = declares.Peek() ? "," : ";";
            }
            else if (IsDeclaration(token))
            {
                var continues = declares.Pop();
                declares.Push(true);
                if (continues)
                    continue;
                token = "let";
            }
            else if (IsLocal(tokens, i))
            {
                token = names[token];
            }

            if (result.Length > 0 && IsWordPart(result[^1]) && IsWordPart(token[0]))
                result.Append(' ');
            result.Append(token);
        }

        return result.ToString();
    }

    private static bool IsDeclaration(string token) => token is "const" or "let";

    private static bool IsLocal(List<string> tokens, int i) =>
        char.IsAsciiLetter(tokens[i][0])
        && !s_kept.Contains(tokens[i])
        && tokens.ElementAtOrDefault(i - 1) != "."
        && !(tokens.ElementAtOrDefault(i - 1) is "{" or "," && tokens.ElementAtOrDefault(i + 1) == ":");

    /// <summary>With a digit behind it, no name is a word of the language.</summary>
    private static string NameOf(int rank) =>
        rank < Letters.Length ? $"{Letters[rank]}" : $"{Letters[(rank - Letters.Length) / 10]}{(rank - Letters.Length) % 10}";

    private static bool IsWordPart(char character) => char.IsAsciiLetterOrDigit(character) || character is '_' or '$';

    private static bool IsBlank(string token) => string.IsNullOrWhiteSpace(token) || token.StartsWith("//", StringComparison.Ordinal);

    // A regular expression comes where a value is expected: after a bracket, an operator or "return".
    [GeneratedRegex(@"//[^\n]*|'(?:[^'\\\n]|\\.)*'|(?<=[(,=:!&|?]\s?|=> |return )/(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*|\.\.\.|=>|[\w$]+|\s+|.")]
    private static partial Regex Token();
}
