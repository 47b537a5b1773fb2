using ZoeyKlaviyo.Admin.Hosting;

if (args is [HealthProbe.Argument])
    return await HealthProbe.RunAsync();

// Published, files lie beside the assembly, wherever the process was started; otherwise the content root is the working directory.
var published = Directory.Exists(Path.Combine(AppContext.BaseDirectory, "wwwroot"));
if (published)
    Directory.SetCurrentDirectory(AppContext.BaseDirectory);

try
{
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions
    {
        Args = args,
        ContentRootPath = published ? AppContext.BaseDirectory : null,
    });
    builder.WebHost.UseStaticWebAssets();
    builder.AddAdmin();

    await using var app = builder.Build();
    app.UseAdmin();
    await app.PrepareAsync();
    await app.RunAsync();
    return 0;
}
catch (StartRefusedException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 1;
}
