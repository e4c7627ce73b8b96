using Microsoft.AspNetCore.Http;

namespace Sluice.Simulator;

/// <summary>Several simulated providers at one address, told apart by the first segment of the path.</summary>
internal sealed class SimulatedVendors(Func<string, SimulatedProvider> providers)
{
    public Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "/";
        var end = path.IndexOf('/', 1) is var slash && slash > 0 ? slash : path.Length;
        var provider = providers(path[1..end]);
        context.Request.Path = end == path.Length ? "/" : path[end..];
        return provider.AnswerAsync(context);
    }
}
