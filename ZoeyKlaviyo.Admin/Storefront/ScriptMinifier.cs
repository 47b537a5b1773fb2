using System.Text;
using System.Text.RegularExpressions;

namespace ZoeyKlaviyo.Admin.Storefront;

/// <summary>
/// Shortens <c>tracking.js</c>: comments and white space go, names become one or two letters. It knows only what that file uses.
/// The script is one function, <c>(config => { … })(…);</c>. Strings have single quotes; a comment has its line to itself; members of
/// objects are written out (<c>{ id: id }</c>); a comma stands in no branch of <c>?:</c>; a global that is used is on <see cref="s_kept"/>.
/// </summary>
internal static partial class ScriptMinifier
{
    /// <summary>In an order that was found by trying: compressed, the script is shorter by some twenty bytes than in most.</summary>
    private const string Letters = "eatoild_prmgnPDbhcQONYkyUsufISCELJvTGHWZAVBXRxqzjFMKw$";

    /// <summary>So many of the first letters are for the names inside the functions, so that the same few come again and again.</summary>
    private const int LettersForLocals = 3;

    private static readonly HashSet<string> s_kept =
    [
        "const", "let", "if", "else", "for", "of", "in", "return", "while", "new", "delete", "void", "throw", "try", "catch", "typeof", "instanceof", "this",
        "true", "false", "null", "undefined",
        "window", "document", "localStorage", "sessionStorage", "navigator", "location", "performance", "crypto", "fetch", "setTimeout", "clearTimeout", "isNaN",
        "Array", "Blob", "Boolean", "BroadcastChannel", "Date", "JSON", "Map", "Math", "NaN", "Object", "Promise", "Set", "String", "URL", "Uint32Array",
    ];

    public static string Minify(string source)
    {
        var tokens = Token().Matches(source).Select(match => match.Value).Where(token => !IsBlank(token)).ToList();
        var names = ShortNames(tokens);
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
            else
            {
                token = names[i] ?? (token is "true" or "false" ? token == "true" ? "!0" : "!1" : token);
            }

            if (result.Length > 0 && IsWordPart(result[^1]) && IsWordPart(token[0]))
                result.Append(' ');
            result.Append(token);
        }

        return result.ToString();
    }

    /// <summary>
    /// The short name of each token that is a name: one for the whole script for what its function declares itself, and for any other
    /// the first that is free in the statement of that function in which it stands.
    /// </summary>
    private static string?[] ShortNames(List<string> tokens)
    {
        var (names, shared) = Names(tokens);
        var uses = names.CountBy(name => name.Text).ToDictionary();
        var letters = names.Select(name => name.Text).Where(shared.Contains).Distinct()
            .OrderByDescending(text => uses[text]).ThenBy(text => text, StringComparer.Ordinal)
            .Select((text, rank) => (text, NameOf(rank + LettersForLocals))).ToDictionary();
        var result = new string?[tokens.Count];
        foreach (var statement in names.GroupBy(name => name.Statement))
        {
            var texts = statement.Select(name => name.Text).Distinct().ToList();
            var taken = texts.Where(shared.Contains).ToDictionary(text => text, text => letters[text]);
            foreach (var text in texts.Except(shared))
                taken.Add(text, Enumerable.Range(0, int.MaxValue).Select(NameOf).First(letter => !taken.ContainsValue(letter)));
            foreach (var name in statement)
                result[name.At] = taken[name.Text];
        }

        return result;
    }

    /// <returns>Every name with the statement of the script's function it stands in, and those that this function declares.</returns>
    private static (List<(int At, string Text, int Statement)> Names, HashSet<string> Shared) Names(List<string> tokens)
    {
        var names = new List<(int, string, int)>();
        var shared = new HashSet<string> { "config" };
        var (depth, statement, declares) = (0, 0, false);
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            if (token is ")" or "]" or "}")
                depth--;
            if (depth == 2)
            {
                declares = token != ";" && (declares || IsDeclaration(token));
                if (declares && IsName(tokens, i) && (IsDeclaration(tokens[i - 1]) || tokens[i - 1] == ","))
                    shared.Add(token);
                statement += token == ";" ? 1 : 0;
            }

            if (IsName(tokens, i))
                names.Add((i, token, statement));
            if (token is "(" or "[" or "{")
                depth++;
        }

        return (names, shared);
    }

    private static bool IsDeclaration(string token) => token is "const" or "let";

    private static bool IsName(List<string> tokens, int i) =>
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
