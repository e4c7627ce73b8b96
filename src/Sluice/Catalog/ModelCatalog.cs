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

    /// <summary>
    /// The card of a model as a provider serves it. An id with a date, a version or a region of its own has the card of the plain
    /// one, unless it has one itself: <c>gpt-4o-2024-11-20</c>, <c>gemini-2.5-flash-001</c>, <c>models/gemini-2.5-pro</c>,
    /// <c>eu.amazon.nova-lite-v1:0</c>.
    /// </summary>
    public ModelCard? Find(string provider, string id)
    {
        if (_cards.GetValueOrDefault((provider, id)) is { } card)
        {
            return card;
        }

        var undated = Dated().Match(id) is { Success: true } dated ? id[..dated.Index] : id;
        var plain = Prefixed().Match(undated) is { Success: true } prefix ? undated[prefix.Length..] : undated;
        return _cards.GetValueOrDefault((provider, undated))
            ?? _cards.GetValueOrDefault((provider, plain))
            ?? _cards.GetValueOrDefault((provider, id[(undated.Length - plain.Length)..]));
    }

    /// <summary>This catalogue with cards that win over its own.</summary>
    public ModelCatalog With(IReadOnlyCollection<ModelCard> more) => more.Count == 0 ? this : new(Cards.Concat(more));

    [GeneratedRegex(@"-(\d{4}-\d{2}-\d{2}|\d{8}|00\d)$|@(\d{8}|default)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Dated();

    [GeneratedRegex(@"^(models/|(us|eu|apac|jp|au|ca|sa|us-gov|global)\.)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Prefixed();
}
