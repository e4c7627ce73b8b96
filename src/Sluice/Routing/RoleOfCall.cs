using Sluice.Calls;

namespace Sluice.Routing;

/// <summary>The agent role that a call counts for: that of the route it asked for, unless its caller says another.</summary>
internal static class RoleOfCall
{
    /// <exception cref="RouteForbiddenException">The caller's key may not speak for the role he says.</exception>
    public static string Of(Call call, Route asked)
    {
        if (call.Wishes.Role is not { Length: > 0 } role)
        {
            return asked.Role ?? "";
        }

        return NamePattern.AnyTakes(call.Caller.Roles, role)
            ? role
            : throw new RouteForbiddenException($"this key may not speak for the role '{role}'");
    }
}
