using ZoeyKlaviyo.Core.Access;

namespace ZoeyKlaviyo.Tests.Fixtures;

internal static class People
{
    public static Person AcmeAdmin { get; } = new("ana", "Ana", IsSupport: false, IsStoreAdmin: true, new HashSet<string> { "acme" });

    public static Person Support { get; } = new("sam", "Sam", IsSupport: true, IsStoreAdmin: false, new HashSet<string>());

    public static Person NoRole { get; } = new("nora", "Nora", IsSupport: false, IsStoreAdmin: false, new HashSet<string>());
}
