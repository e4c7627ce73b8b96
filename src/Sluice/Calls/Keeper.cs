namespace Sluice.Calls;

/// <summary>Who keeps what a call goes on from.</summary>
/// <param name="Provider">The configured provider.</param>
/// <param name="Model">The model that answered there; empty for what no model made.</param>
/// <param name="Credential">The key of its pool under which it is kept; empty where nobody knows.</param>
internal sealed record Keeper(string Provider, string Model, string Credential);
