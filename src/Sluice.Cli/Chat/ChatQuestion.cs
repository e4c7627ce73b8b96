namespace Sluice.Cli.Chat;

/// <summary>What is asked.</summary>
/// <param name="Route">A route, model or pin; empty for the default route.</param>
/// <param name="Text">The one message of the user.</param>
internal sealed record ChatQuestion(string Route, string Text);
