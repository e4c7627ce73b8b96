using System.Collections.Frozen;

namespace Sluice.Catalog;

/// <summary>Model cards by provider preset and id.</summary>
internal sealed class ModelCatalog(IEnumerable<ModelCard> cards)
{
    private readonly FrozenDictionary<(string Provider, string Id), ModelCard> _cards = cards.ToFrozenDictionary(c => (c.Provider, c.Id));

    public IEnumerable<ModelCard> Cards => _cards.Values;

    /// <summary>The card of a model as a provider serves it, or <see langword="null"/>.</summary>
    public ModelCard? Find(string provider, string id) => _cards.GetValueOrDefault((provider, id));
}
