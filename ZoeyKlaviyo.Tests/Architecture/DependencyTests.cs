using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Admin.Shell;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Tests.Fixtures;

namespace ZoeyKlaviyo.Tests.Architecture;

/// <summary>The directions of dependencies, read from the assemblies and the sources.</summary>
public sealed partial class DependencyTests
{
    [Fact]
    public void Core_References_NoUiHostOrScheduler() =>
        Assert.DoesNotContain(
            References(typeof(AppDbContext).Assembly.Location),
            name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) || name is "MudBlazor" or "Coravel");

    [Fact]
    public void Core_References_NoOtherProjectOfOurs() =>
        Assert.DoesNotContain(References(typeof(AppDbContext).Assembly.Location), name => name.StartsWith("ZoeyKlaviyo", StringComparison.Ordinal));

    [Fact]
    public void Admin_References_OnlyCoreOfOurs() =>
        Assert.Equal(
            ["ZoeyKlaviyo.Core"],
            References(typeof(App).Assembly.Location).Where(name => name.StartsWith("ZoeyKlaviyo", StringComparison.Ordinal)));

    [Theory]
    [InlineData("Klaviyo")]
    [InlineData("Zoey")]
    public void ClientOfASystem_Uses_NoFeatureAndNoStorage(string client)
    {
        var features = Directory.GetDirectories(Path.Combine(Repository.Root, "ZoeyKlaviyo.Core"))
            .Select(directory => Path.GetFileName(directory)!)
            .Except([client, "bin", "obj", "Time"]);
        var forbidden = new Regex($@"ZoeyKlaviyo\.Core\.({string.Join('|', features)})\b|^using ({string.Join('|', features)})\b", RegexOptions.Multiline);

        Assert.Empty(Sources($"ZoeyKlaviyo.Core/{client}").Where(source => forbidden.IsMatch(source.Text)).Select(source => source.Path));
    }

    [Theory]
    [InlineData("Klaviyo")]
    [InlineData("Zoey")]
    public void WireTypes_OfASystem_AreInternal(string client) =>
        Assert.DoesNotContain(typeof(AppDbContext).Assembly.GetExportedTypes(), type => type.Namespace == $"ZoeyKlaviyo.Core.{client}.Wire");

    [Theory]
    [InlineData("Klaviyo")]
    [InlineData("Zoey")]
    public void WireTypes_OfASystem_AreUsedOnlyByItsClient(string client) =>
        Assert.Empty(Sources("ZoeyKlaviyo.Core").Concat(Sources("ZoeyKlaviyo.Admin"))
            .Where(source => !source.Path.StartsWith($"ZoeyKlaviyo.Core/{client}/", StringComparison.Ordinal))
            .Where(source => source.Text.Contains($"{client}.Wire", StringComparison.Ordinal))
            .Select(source => source.Path));

    [Fact]
    public void Components_Use_NeitherDatabaseNorHttpNorServiceLocator()
    {
        var forbidden = new[] { typeof(DbContext), typeof(Database), typeof(HttpClient), typeof(IHttpClientFactory), typeof(IServiceProvider) };
        var found =
            from component in typeof(App).Assembly.GetTypes()
            where typeof(IComponent).IsAssignableFrom(component)
            from property in component.GetProperties(
                System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic)
            where property.DeclaringType == component && forbidden.Any(type => type.IsAssignableFrom(property.PropertyType))
            select $"{component.FullName}.{property.Name}";

        Assert.Empty(found);
    }

    [Fact]
    public void Files_AreNamed_ForWhatTheyDo() =>
        Assert.DoesNotContain(Sources("ZoeyKlaviyo.Core").Concat(Sources("ZoeyKlaviyo.Admin")).Select(source => source.Path), path => ServiceName().IsMatch(path));

    [Fact]
    public void Components_Markup_StaysShort() =>
        Assert.DoesNotContain(
            Directory.EnumerateFiles(Path.Combine(Repository.Root, "ZoeyKlaviyo.Admin"), "*.razor", SearchOption.AllDirectories),
            path => File.ReadLines(path).Count() > 150);

    private static List<string> References(string assembly)
    {
        using var stream = File.OpenRead(assembly);
        using var file = new PEReader(stream);
        var metadata = file.GetMetadataReader();
        return metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name)).ToList();
    }

    private static IEnumerable<(string Path, string Text)> Sources(string folder)
    {
        var root = Path.Combine(Repository.Root, folder);
        return !Directory.Exists(root)
            ? []
            : Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
                .Where(path => Path.GetExtension(path) is ".cs" or ".razor" && !BuildOutput().IsMatch(path))
                .Select(path => (Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'), File.ReadAllText(path)));
    }

    [GeneratedRegex(@"[/\\](bin|obj)[/\\]")]
    private static partial Regex BuildOutput();

    [GeneratedRegex(@"Service\.(cs|razor)$")]
    private static partial Regex ServiceName();
}
