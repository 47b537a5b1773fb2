using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using ZoeyKlaviyo.Core.Events.Intake;

namespace ZoeyKlaviyo.Admin.Hosting;

/// <summary>Metrics and traces over OTLP, when the standard variable <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names a collector.</summary>
internal static class Telemetry
{
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        if (string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            return;
        builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddMeter(IntakeMetrics.MeterName).AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddOtlpExporter())
            .WithTracing(tracing => tracing.AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddOtlpExporter());
    }
}
