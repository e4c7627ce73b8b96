using Microsoft.AspNetCore.Http;
using Sluice.Calls;
using Sluice.Gateway.Ids;
using Sluice.Gateway.Keys;

namespace Sluice.Gateway;

/// <summary>What the gateway knows beside the engine: who may come in, how many are in, whether it is about to stop.</summary>
internal sealed class GatewayState(KeyRing keys, MadeIds made, bool sandbox)
{
    private int _inside;

    /// <summary>Answers come from the built-in simulator.</summary>
    public bool Sandbox { get; } = sandbox;

    /// <summary>What was made at providers, and by which key.</summary>
    public MadeIds Made { get; } = made;

    /// <summary>No new calls are wanted: the process is about to end.</summary>
    public bool Draining { get; set; }

    /// <summary>The port of the admin listener; its endpoints exist on no other.</summary>
    public int AdminPort { get; set; } = -1;

    public int Inside => Volatile.Read(ref _inside);

    /// <summary>The caller, or <see langword="null"/> where a key is needed and none that is valid was sent.</summary>
    public Caller? Authenticate(HttpContext http) => keys.Required ? keys.Find(PresentedKey.Of(http.Request)) : Caller.Anonymous;

    public bool TryEnter(int most)
    {
        if (Interlocked.Increment(ref _inside) <= most)
        {
            return true;
        }

        Interlocked.Decrement(ref _inside);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _inside);
}
