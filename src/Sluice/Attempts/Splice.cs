namespace Sluice.Attempts;

/// <summary>Leaves out of a second answer what a first one has said already.</summary>
/// <param name="sent">What the caller has.</param>
/// <param name="restarted">Whether the second answer begins anew, and has to say all of it again; else it begins where the first ended.</param>
internal sealed class Splice(string sent, bool restarted)
{
    /// <summary>A beginning that is given has no space at its end: the answer that goes on from it may bring it along again.</summary>
    private readonly string _repeated = restarted ? sent : sent[sent.TrimEnd().Length..];
    private int _seen;

    /// <summary>Whether everything was repeated that has to be.</summary>
    public bool IsOver => !restarted || _seen == _repeated.Length;

    /// <summary>What is new in the next piece.</summary>
    /// <returns><see langword="null"/> when the answers differ: the second cannot go on with the first.</returns>
    public string? New(string piece)
    {
        var at = 0;
        while (at < piece.Length && _seen < _repeated.Length)
        {
            if (piece[at] != _repeated[_seen])
            {
                if (restarted)
                {
                    return null;
                }

                _seen = _repeated.Length;
                break;
            }

            at++;
            _seen++;
        }

        return piece[at..];
    }
}
