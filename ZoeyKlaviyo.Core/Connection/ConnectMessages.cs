namespace ZoeyKlaviyo.Core.Connection;

/// <summary>What an outcome means and what to do, in words for the store's admin.</summary>
public static class ConnectMessages
{
    public static string For(ConnectOutcome outcome) => outcome switch
    {
        ConnectOutcome.Connected => "Klaviyo is connected. Set Is Enabled to Yes to start sending.",
        ConnectOutcome.ConsentRefused => "The permissions were not allowed at Klaviyo, so nothing was connected. Press Connect to Klaviyo to try again.",
        ConnectOutcome.StateUnknown => "This connection attempt is no longer valid: it was already used, is too old, or was not started by you. Press Connect to Klaviyo to start again.",
        ConnectOutcome.CodeRejected => "Klaviyo did not accept the connection code: it was used already or took longer than five minutes. Press Connect to Klaviyo to try again.",
        ConnectOutcome.ClientRejected => "Klaviyo does not accept this application's client id and secret. The operator has to check Klaviyo:ClientId and Klaviyo:ClientSecret.",
        ConnectOutcome.Unreachable => "Klaviyo could not be reached. Nothing was changed; try again in a few minutes.",
        ConnectOutcome.AccountUnreadable => "Klaviyo allowed the connection but did not tell which account it is, so nothing was connected. Allow all permissions and try again.",
        ConnectOutcome.OtherAccount => "Another Klaviyo account was chosen than before. Nothing has changed yet.",
        ConnectOutcome.PrefixTaken => "Another store is connected to this Klaviyo account with the same id prefix, and their products would overwrite each other. The operator has to give one of them a Stores:N:IdPrefix.",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };
}
