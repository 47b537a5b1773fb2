using FluentValidation;
using ZoeyKlaviyo.Core.Stores.Api;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Stores;

/// <summary>One entry of the section <c>Stores</c>.</summary>
public sealed class StoreOptions
{
    public string Key { get; set; } = "";

    public string? Name { get; set; }

    public string BaseUrl { get; set; } = "";

    public string? StorefrontUrl { get; set; }

    public List<string> AllowedOrigins { get; set; } = [];

    public string PublicKey { get; set; } = "";

    public string? FeedSecret { get; set; }

    public string IdPrefix { get; set; } = "";

    /// <summary><c>OAuth1</c> or <c>OAuth2</c>; the credentials that belong to it stand beside it.</summary>
    public string AuthMode { get; set; } = nameof(ZoeyAuthMode.OAuth1);

    public string? ConsumerKey { get; set; }

    public string? ConsumerSecret { get; set; }

    public string? AccessToken { get; set; }

    public string? TokenSecret { get; set; }

    public string? TokenUrl { get; set; }

    public string? ClientId { get; set; }

    public string? ClientSecret { get; set; }

    public string? RefreshToken { get; set; }

    internal ZoeyAuthMode Mode => Enum.Parse<ZoeyAuthMode>(AuthMode, ignoreCase: true);

    /// <summary>Null where the configuration has none.</summary>
    internal ZoeyCredentials? Credentials => Entered.For(Mode) is var own && own.Of(Mode).Any(pair => pair.Value is not null) ? own : null;

    internal ZoeyCredentials Entered => new()
    {
        ConsumerKey = ConsumerKey,
        ConsumerSecret = ConsumerSecret,
        AccessToken = AccessToken,
        TokenSecret = TokenSecret,
        TokenUrl = TokenUrl,
        ClientId = ClientId,
        ClientSecret = ClientSecret,
        RefreshToken = RefreshToken,
    };
}

internal sealed class StoreOptionsValidator : AbstractValidator<StoreOptions>
{
    public StoreOptionsValidator()
    {
        RuleFor(store => store.Key).NotEmpty().MaximumLength(64).Matches(@"^[a-z0-9-]+\z")
            .WithMessage("must be lower-case letters, digits and hyphens");
        RuleFor(store => store.BaseUrl).Must(BeHttpUrl).WithMessage("must be an absolute http or https address");
        RuleFor(store => store.StorefrontUrl).Must(BeHttpUrl).When(store => store.StorefrontUrl is not null)
            .WithMessage("must be an absolute http or https address");
        RuleForEach(store => store.AllowedOrigins).Must(BeHttpUrl).WithMessage("must be an origin such as https://shop.example");
        RuleFor(store => store.PublicKey).NotEmpty().MaximumLength(64).Matches(@"^[A-Za-z0-9_-]+\z")
            .WithMessage("must be letters, digits, hyphens and underscores");
        RuleFor(store => store.IdPrefix).MaximumLength(40).Matches(@"^\S*\z").WithMessage("must be at most 40 characters without a space");
        RuleFor(store => store.AuthMode).IsEnumName(typeof(ZoeyAuthMode), caseSensitive: false).WithMessage("must be OAuth1 or OAuth2")
            .DependentRules(() => RuleFor(store => store).Custom((store, context) => CheckCredentials(store, context)));
        RuleFor(store => store.TokenUrl).Must(WebAddress.IsSafe).When(store => !string.IsNullOrWhiteSpace(store.TokenUrl)).WithMessage(WebAddress.Rule);
    }

    /// <summary>All of a mode's keys or none, and none of the other mode's.</summary>
    private static void CheckCredentials(StoreOptions store, ValidationContext<StoreOptions> context)
    {
        var other = store.Mode == ZoeyAuthMode.OAuth1 ? ZoeyAuthMode.OAuth2 : ZoeyAuthMode.OAuth1;
        foreach (var (key, _) in store.Entered.Of(other).Where(pair => !string.IsNullOrWhiteSpace(pair.Value)))
            context.AddFailure(key, $"belongs to AuthMode {other}, but AuthMode is {store.Mode}");
        var own = store.Entered.Of(store.Mode);
        if (own.All(pair => string.IsNullOrWhiteSpace(pair.Value)))
            return;
        foreach (var (key, _) in own.Where(pair => string.IsNullOrWhiteSpace(pair.Value)))
            context.AddFailure(key, $"is missing: {store.Mode} needs {string.Join(", ", own.Select(pair => pair.Key))}, or none of them");
    }

    private static bool BeHttpUrl(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);
}
