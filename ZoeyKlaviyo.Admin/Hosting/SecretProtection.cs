using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Admin.Hosting;

internal static class SecretProtection
{
    public static void AddSecretProtection(this IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("ZoeyKlaviyo");
        services.AddOptions<KeyManagementOptions>()
            .Configure<ProtectionKeys>((options, keys) => options.XmlRepository = new DatabaseKeyRepository(keys));
        services.AddSingleton<ISecretProtector, SecretProtector>();

        // It warns that keys are stored unencrypted: they are as safe as the database, on purpose, so that every instance reads them.
        services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error));
    }

    /// <summary>Data Protection asks synchronously, also from a circuit, whose context must not be waited for: hence the pool.</summary>
    private sealed class DatabaseKeyRepository(ProtectionKeys keys) : IXmlRepository
    {
        public IReadOnlyCollection<XElement> GetAllElements() =>
            Task.Run(() => keys.AllAsync(CancellationToken.None)).GetAwaiter().GetResult().ConvertAll(XElement.Parse);

        public void StoreElement(XElement element, string friendlyName) =>
            Task.Run(() => keys.AddAsync(friendlyName, element.ToString(SaveOptions.DisableFormatting), CancellationToken.None)).GetAwaiter().GetResult();
    }

    private sealed class SecretProtector(IDataProtectionProvider provider) : ISecretProtector
    {
        private readonly IDataProtector _protector = provider.CreateProtector("ZoeyKlaviyo.Secrets.v1");

        public string Protect(string plaintext) => _protector.Protect(plaintext);

        public string Unprotect(string ciphertext) => _protector.Unprotect(ciphertext);
    }
}
