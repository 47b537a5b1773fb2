namespace ZoeyKlaviyo.Core.Subscribers;

public static class SubscriberRecords
{
    /// <summary>The operation of a record about a row of the store, or a line of a file, that can't be read.</summary>
    public const string Read = "Read";
}
