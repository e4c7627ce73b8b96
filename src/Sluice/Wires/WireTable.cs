using Sluice.Catalog;

namespace Sluice.Wires;

/// <summary>Every wire Sluice speaks, by kind.</summary>
internal sealed class WireTable(params IWire[] wires)
{
    private readonly Dictionary<WireKind, IWire> _wires = wires.ToDictionary(w => w.Kind);

    public IEnumerable<IWire> All => _wires.Values;

    public IWire this[WireKind kind] => _wires[kind];
}
