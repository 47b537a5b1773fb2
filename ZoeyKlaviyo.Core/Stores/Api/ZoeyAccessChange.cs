using FluentValidation;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Stores.Api;

/// <summary>A store's API as the page shows it: no secret is in it.</summary>
/// <param name="IsAddressFixed">It comes from the configuration.</param>
/// <param name="FromConfiguration">The credentials do: they can't be changed here.</param>
/// <param name="Version">0 while there are no credentials.</param>
public sealed record ZoeyAccessView(
    string BaseUrl,
    bool IsAddressFixed,
    ZoeyAuthMode Mode,
    string? TokenUrl,
    bool IsSet,
    bool FromConfiguration,
    string ChangedBy,
    DateTimeOffset? ChangedUtc,
    int Version,
    ZoeyProbeReport? Probe,
    DateTimeOffset? ProbedUtc);

/// <param name="SeenVersion">The version on the screen when the person saved.</param>
/// <param name="Credentials">What is empty stays as it was, as long as neither the mode nor the address changes.</param>
public sealed record ZoeyAccessChange(int SeenVersion, string BaseUrl, ZoeyAuthMode Mode, ZoeyCredentials Credentials);

/// <param name="Field">A member of <see cref="ZoeyAccessChange"/> or of <see cref="ZoeyCredentials"/>; empty when it is about none in particular.</param>
public sealed record ZoeyAccessError(string Field, string Message);

/// <param name="Current">As it is in the database now, whether the save took effect or not.</param>
/// <param name="Errors">Empty when it was saved; else why not, in words for the person.</param>
public sealed record ZoeyAccessOutcome(ZoeyAccessView Current, IReadOnlyList<ZoeyAccessError> Errors);

public sealed class ZoeyAccessChangeValidator : AbstractValidator<ZoeyAccessChange>
{
    public ZoeyAccessChangeValidator()
    {
        RuleFor(change => change.Mode).IsInEnum().WithMessage("There is no such way to sign in.");
        RuleFor(change => change.BaseUrl).Must(WebAddress.IsSafe).WithMessage($"The address {WebAddress.Rule}.");
        RuleFor(change => change.Credentials.TokenUrl).Must(WebAddress.IsSafe).When(change => !string.IsNullOrEmpty(change.Credentials.TokenUrl))
            .WithMessage($"The token address {WebAddress.Rule}.");
        RuleFor(change => change).Custom((change, context) =>
        {
            foreach (var (key, _) in change.Credentials.Of(change.Mode).Where(pair => string.IsNullOrWhiteSpace(pair.Value)))
                context.AddFailure(key, "Enter this.");
            foreach (var (key, _) in change.Credentials.Of(change.Mode).Where(pair => pair.Value?.Any(char.IsControl) == true))
                context.AddFailure(key, "This holds a character that can't be part of it, such as a line break.");
        });
    }
}
