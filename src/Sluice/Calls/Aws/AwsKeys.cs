namespace Sluice.Calls.Aws;

/// <summary>What a request to Amazon is signed with.</summary>
/// <param name="AccessKeyId">Names the key; it stands in every signed request.</param>
/// <param name="SecretAccessKey">Never sent, logged or returned.</param>
/// <param name="SessionToken">Goes with keys that expire.</param>
internal sealed record AwsKeys(string AccessKeyId, string SecretAccessKey, string? SessionToken)
{
    public override string ToString() => "keys of Amazon";
}
