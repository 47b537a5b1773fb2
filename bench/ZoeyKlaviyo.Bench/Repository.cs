namespace ZoeyKlaviyo.Bench;

/// <summary>Where the sources are, seen from the build output.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "ZoeyKlaviyo.sln")))
            directory = directory.Parent;
        return directory?.FullName ?? throw new InvalidOperationException("The benchmark does not run inside the repository.");
    }
}
