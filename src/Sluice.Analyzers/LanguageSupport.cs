// What the language asks of its framework and the old target does not have.
namespace System.Runtime.CompilerServices;

internal static class IsExternalInit { }
