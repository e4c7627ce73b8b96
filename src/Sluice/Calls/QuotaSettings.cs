namespace Sluice.Calls;

/// <summary>Where an authority over quotas is asked.</summary>
/// <param name="Url">The address before <c>/check</c> and <c>/record</c>.</param>
/// <param name="Token">What it knows us by, sent as <c>Authorization: Bearer</c>.</param>
/// <param name="Timeout">How long a check may take.</param>
/// <param name="FailOpen">Whether calls go on when it cannot be asked.</param>
internal sealed record QuotaSettings(Uri Url, string? Token, TimeSpan Timeout, bool FailOpen);
