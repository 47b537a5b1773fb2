using System.Net;

namespace ZoeyKlaviyo.Tests.Sandbox;

internal static class ZoeyAnswers
{
    /// <summary>The store's error envelope, with this status in the answer and in the entry.</summary>
    public static void IsRefused(this ApiResult answer, HttpStatusCode status, string message)
    {
        Assert.Equal(status, answer.Status);
        Assert.Equal($$$"""{"messages":{"error":[{"code":{{{(int)status}}},"message":"{{{message}}}"}]}}""", answer.Text);
    }
}
