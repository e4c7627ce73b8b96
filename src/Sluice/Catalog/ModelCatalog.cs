using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Sluice.Catalog;

/// <summary>Model cards by provider preset and id.</summary>
internal sealed partial class ModelCatalog(IEnumerable<ModelCard> cards)
{
    private readonly FrozenDictionary<(string Provider, string Id), ModelCard> _cards = cards
        .GroupBy(c => (c.Provider, c.Id))
        .ToFrozenDictionary(g => g.Key, g => g.Last());

    public IEnumerable<ModelCard> Cards => _cards.Values;

    /// <summary>The card of a model as a provider serves it; a dated id without one of its own has that of its undated name.</summary>
    public ModelCard? Find(string provider, string id) =>
        _cards.GetValueOrDefault((provider, id))
        ?? (Dated().Match(id) is { Success: true } dated ? _cards.GetValueOrDefault((provider, id[..dated.Index])) : null);

    /// <summary>This catalogue with cards that win over its own.</summary>
    public ModelCatalog With(IEnumerable<ModelCard> more) => new(Cards.Concat(more));

    [GeneratedRegex(@"-(\d{4}-\d{2}-\d{2}|\d{8})$|@(\d{8}|default)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Dated();
}
