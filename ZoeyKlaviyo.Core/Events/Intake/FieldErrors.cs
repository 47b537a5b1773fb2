namespace ZoeyKlaviyo.Core.Events.Intake;

/// <summary>What is wrong with an event, by field.</summary>
public sealed class FieldErrors
{
    // Hardly any event has one.
    private SortedDictionary<string, List<string>>? _errors;

    public FieldErrors()
    {
    }

    /// <summary>Starts with what is wrong with the request's shared fields, which every event of it suffers from.</summary>
    internal FieldErrors(FieldErrors shared)
    {
        foreach (var (field, errors) in shared.ByField)
            Errors[field] = [.. errors];
    }

    public bool IsEmpty => _errors is null;

    public IEnumerable<KeyValuePair<string, List<string>>> ByField => _errors ?? Enumerable.Empty<KeyValuePair<string, List<string>>>();

    private SortedDictionary<string, List<string>> Errors => _errors ??= new(StringComparer.Ordinal);

    internal void Add(string field, string error)
    {
        if (Errors.TryGetValue(field, out var errors))
            errors.Add(error);
        else
            Errors[field] = [error];
    }

    /// <summary>One line: <c>currency must be an ISO 4217 code such as USD; id is required</c>.</summary>
    public override string ToString() => string.Join("; ", ByField.SelectMany(field => field.Value.Select(error => $"{field.Key} {error}")));
}
