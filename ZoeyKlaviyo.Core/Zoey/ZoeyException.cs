namespace ZoeyKlaviyo.Core.Zoey;

public enum ZoeyProblem
{
    /// <summary>No address or no credentials.</summary>
    NotSetUp,

    /// <summary>401: the store does not accept the credentials.</summary>
    Credentials,

    /// <summary>401 <c>timestamp_refused</c>: this computer's clock and the store's differ.</summary>
    Clock,

    /// <summary>403 in JSON: the role behind the credentials may not read this.</summary>
    Forbidden,

    /// <summary>403 in HTML: something in front of the store, such as Cloudflare, refuses.</summary>
    Blocked,

    /// <summary>404 <c>Resource not found.</c></summary>
    NotFound,

    /// <summary>404 <c>Request does not match any route.</c>, or 405: the store has no such resource, or not for reading.</summary>
    NoSuchEndpoint,

    /// <summary>A redirect: the address is not the store's own.</summary>
    Redirect,

    /// <summary>400, 406: the store does not understand the request.</summary>
    Refused,

    /// <summary>An answer that is not what it should be.</summary>
    Unreadable,

    /// <summary>429, 5xx, 52x, no answer: after all tries.</summary>
    Unavailable,
}

/// <summary>The store's REST API did not give what was asked for; the message says it in plain words and what to do.</summary>
public sealed class ZoeyException(ZoeyProblem problem, string message, int? httpStatus = null, Exception? inner = null) : Exception(message, inner)
{
    public ZoeyProblem Problem { get; } = problem;

    public int? HttpStatus { get; } = httpStatus;

    /// <summary>The store's API says so itself, in its JSON for errors.</summary>
    internal bool IsSaidByStore { get; set; }

    /// <summary>The same may work later without anybody doing anything.</summary>
    public bool IsTransient => Problem is ZoeyProblem.Unavailable or ZoeyProblem.Blocked or ZoeyProblem.Unreadable;
}
