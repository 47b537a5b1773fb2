using Microsoft.EntityFrameworkCore;

namespace ZoeyKlaviyo.Core.Storage;

/// <summary>A Data Protection key. They live in the database so that every instance, and every deployment, reads the same secrets.</summary>
public sealed class ProtectionKey
{
    public int Id { get; set; }

    public required string FriendlyName { get; set; }

    public required string Xml { get; set; }
}

/// <summary>The key ring, as the host's Data Protection stores and reads it.</summary>
public sealed class ProtectionKeys(Database database)
{
    public Task<List<string>> AllAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(db => db.ProtectionKeys.Select(key => key.Xml).ToListAsync(cancellationToken), cancellationToken);

    public Task AddAsync(string friendlyName, string xml, CancellationToken cancellationToken) =>
        database.WriteAsync(
            db =>
            {
                db.ProtectionKeys.Add(new ProtectionKey { FriendlyName = friendlyName, Xml = xml });
                return Task.CompletedTask;
            },
            cancellationToken);
}

/// <summary>
/// Encrypts what must not be readable in the database: tokens, client secrets, store credentials. Never call it inside a
/// write: a new key, which Data Protection makes when it is time, is itself a write and would wait for that one for ever.
/// </summary>
public interface ISecretProtector
{
    string Protect(string plaintext);

    /// <exception cref="System.Security.Cryptography.CryptographicException">The keys are gone or the text was not made by them.</exception>
    string Unprotect(string ciphertext);
}
