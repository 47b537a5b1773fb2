namespace ZoeyKlaviyo.Core.Events.Intake;

/// <summary>What is wrong with an event, by field.</summary>
public sealed class FieldErrors
{
    private readonly SortedDictionary<string, List<string>> _errors = new(StringComparer.Ordinal);

    public FieldErrors()
    {
    }

    /// <summary>Starts with what is wrong with the request's shared fields, which every event of it suffers from.</summary>
    internal FieldErrors(FieldErrors shared)
    {
        foreach (var (field, errors) in shared._errors)
            _errors[field] = [.. errors];
    }

    public bool IsEmpty => _errors.Count == 0;

    public IEnumerable<KeyValuePair<string, List<string>>> ByField => _errors;

    internal void Add(string field, string error)
    {
        if (_errors.TryGetValue(field, out var errors))
            errors.Add(error);
        else
            _errors[field] = [error];
    }
}
