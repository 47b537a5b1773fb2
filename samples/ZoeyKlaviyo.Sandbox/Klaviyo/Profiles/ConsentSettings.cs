using ZoeyKlaviyo.Sandbox.Klaviyo.Lists;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Profiles;

/// <param name="DefaultOptIn">The account's, where a call names no list: <c>single_opt_in</c> or <c>double_opt_in</c>.</param>
/// <param name="DelaySeconds">How long after a call it takes effect; Klaviyo was seen to take from 15 seconds to minutes.</param>
public sealed record ConsentSettings(string DefaultOptIn = ListBook.DoubleOptIn, double DelaySeconds = 0);
