namespace Sluice.Calls;

/// <summary>Why an attempt failed; decides what happens next.</summary>
public enum FailureClass
{
    /// <summary>The provider is in trouble for now: overload, a server error, a connection refused or reset.</summary>
    Transient,

    /// <summary>One of our own deadlines fired.</summary>
    Timeout,

    /// <summary>Too many requests; the provider says when to come back.</summary>
    RateLimited,

    /// <summary>Out of credit or quota until a reset.</summary>
    Exhausted,

    /// <summary>The provider did not accept the credential.</summary>
    Credential,

    /// <summary>The provider does not serve this model, or no longer.</summary>
    ModelUnavailable,

    /// <summary>The model produced something its own provider rejects, such as malformed tool arguments.</summary>
    ModelFault,

    /// <summary>The conversation does not fit the model's context window.</summary>
    ContextTooLong,

    /// <summary>A content filter or safety system refused.</summary>
    Refused,

    /// <summary>The request itself is wrong; no other target would take it.</summary>
    BadRequest,

    /// <summary>The answer does not have its documented shape.</summary>
    Drift,

    /// <summary>The caller went away.</summary>
    Cancelled,

    /// <summary>Nothing was recognised.</summary>
    Unknown,
}
