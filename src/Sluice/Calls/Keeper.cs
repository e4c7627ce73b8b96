namespace Sluice.Calls;

/// <summary>Who keeps what a call goes on from.</summary>
/// <param name="Provider">The configured provider.</param>
/// <param name="Model">The model that answered there.</param>
/// <param name="Credential">The key of its pool under which it is kept.</param>
internal sealed record Keeper(string Provider, string Model, string Credential);
