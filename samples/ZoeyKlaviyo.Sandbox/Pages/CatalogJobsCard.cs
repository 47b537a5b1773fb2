using ZoeyKlaviyo.Sandbox.Klaviyo.Catalog;

namespace ZoeyKlaviyo.Sandbox.Pages;

/// <summary>How the catalog's jobs go, what failed of the last ones, and what makes them fail.</summary>
internal static class CatalogJobsCard
{
    private const int ErrorsShown = 50;

    public static string Render(IEnumerable<CatalogJob> all)
    {
        var jobs = all.ToList();
        var errors = jobs.AsEnumerable().Reverse().SelectMany(job => job.Errors.Select(error => (Job: job, error.Detail))).Take(ErrorsShown).ToList();
        return $"""
            <p>Jobs: {Count(jobs, CatalogJobStatus.Processing)} in progress, {Count(jobs, CatalogJobStatus.Complete)} complete, {Count(jobs, CatalogJobStatus.Cancelled)} cancelled;
            {jobs.Sum(job => job.Failed)} rows failed. <a href="/sandbox/catalog/jobs">All as JSON</a></p>
            {(errors.Count == 0 ? "" : $"<details><summary>The last rows that failed</summary><ul>{Html.Join(errors, one =>
                $"<li>{Html.Time(one.Job.CompletedAt!.Value)} {one.Job.Kind} {one.Job.Operation}: {Html.Encode(one.Detail)}</li>")}</ul></details>")}
            """;
    }

    public static string Faults(CatalogFaults faults) => faults == new CatalogFaults() ? "" : $"""
        <section class="card alert" aria-labelledby="faults-on"><h2 id="faults-on">Faults are switched on</h2>
        <ul>{Html.Join(Sentences(faults), sentence => $"<li>{Html.Encode(sentence)}</li>")}</ul>
        <form method="post" action="{CatalogPage.ClearFaultsPath}"><p><button>Clear these faults</button></p></form></section>
        """;

    private static IEnumerable<string> Sentences(CatalogFaults faults)
    {
        if (faults.Refuse is { } text)
            yield return $"Rows with \"{text}\" in their title or name fail.";
        if (faults.Cancel > 0)
            yield return faults.Cancel == 1 ? "The next job is cancelled." : $"The next {faults.Cancel} jobs are cancelled.";
        if (faults.Stuck)
            yield return "No job ends.";
        if (faults.Seconds is { } seconds)
            yield return $"A job takes {seconds} seconds.";
    }

    private static int Count(List<CatalogJob> jobs, CatalogJobStatus status) => jobs.Count(job => job.Status == status);
}
