namespace ZoeyKlaviyo.Core.Access;

/// <summary>
/// A store that a person was found to have access to. Queries and commands take this instead of a store key, so that none can
/// be called without the check; only <see cref="StoreAccess"/> makes one.
/// </summary>
public sealed class AuthorizedStore
{
    internal AuthorizedStore(int id, string key, string name, Person person)
    {
        Id = id;
        Key = key;
        Name = name;
        Person = person;
    }

    public int Id { get; }

    public string Key { get; }

    public string Name { get; }

    public Person Person { get; }

    /// <summary>May change settings and the connection; support may not.</summary>
    public bool MayManage => Person.MayManage(Key);

    /// <exception cref="AccessDeniedException">The person may look, but not change.</exception>
    internal void RequireManage()
    {
        if (!MayManage)
            throw new AccessDeniedException($"Only an admin of {Name} may change this.");
    }
}

/// <summary>The person may not do this; the message is meant for them.</summary>
public sealed class AccessDeniedException(string message) : Exception(message);
