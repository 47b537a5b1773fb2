using FluentValidation;

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
        RuleFor(store => store.IdPrefix).MaximumLength(40);
    }

    private static bool BeHttpUrl(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);
}
