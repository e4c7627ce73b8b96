namespace Sluice;

/// <summary>Says of which documented options a test shows that they change what happens: the test fails where they are not heard.</summary>
/// <param name="options">As <c>docs/configuration.md</c> lists them: <c>retry.attempts</c>, with <c>root</c> for the file itself.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ChangesBehaviourAttribute(params string[] options) : Attribute
{
    public IReadOnlyList<string> Options { get; } = options;
}
