namespace ZoeyKlaviyo.Admin.Shared;

/// <summary>What a state means for the person who reads it.</summary>
public enum Tone
{
    Neutral,
    Busy,
    Good,
    Warning,
    Bad,
}
