namespace Sluice.Wires.Json;

/// <summary>Changes single members of a JSON body and leaves every other byte as it was.</summary>
internal sealed class Splicer
{
    private readonly ReadOnlyMemory<byte> _body;
    private readonly List<(int Start, int End, byte[] Bytes)> _edits = [];
    private readonly IReadOnlyList<MemberSpan> _members;
    private readonly HashSet<int> _removed = [];
    private readonly int _objectEnd;
    private bool _empty;

    /// <param name="body">The whole body.</param>
    /// <param name="members">Its top-level members.</param>
    public Splicer(ReadOnlyMemory<byte> body, IReadOnlyList<MemberSpan> members)
    {
        _body = body;
        _members = members;
        _empty = members.Count == 0;
        _objectEnd = body.Span.LastIndexOf((byte)'}');
    }

    public void Replace(MemberSpan member, ReadOnlySpan<byte> value)
    {
        if (!_body.Span[member.ValueStart..member.End].SequenceEqual(value))
        {
            _edits.Add((member.ValueStart, member.End, value.ToArray()));
        }
    }

    public void Rename(MemberSpan member, string name) =>
        _edits.Add((member.Start, NameEnd(member), System.Text.Encoding.UTF8.GetBytes($"\"{name}\"")));

    /// <summary>Adds a member at the end of the body.</summary>
    public void Insert(string name, ReadOnlySpan<byte> value) => InsertAt(_objectEnd, ref _empty, name, value);

    /// <summary>Adds a member at the end of an object that is a member's value.</summary>
    public void InsertInto(MemberSpan parent, bool empty, string name, ReadOnlySpan<byte> value) =>
        InsertAt(parent.End - 1, ref empty, name, value);

    /// <summary>Takes a member out, with the comma that separated it.</summary>
    public void Remove(MemberSpan member) => _removed.Add(member.Start);

    /// <summary>The body with every change; the very same memory when there is none.</summary>
    public ReadOnlyMemory<byte> Apply()
    {
        CutOut();
        if (_edits.Count == 0)
        {
            return _body;
        }

        var edits = _edits
            .Select((edit, order) => (edit.Start, edit.End, edit.Bytes, order))
            .OrderBy(e => e.Start)
            .ThenBy(e => e.order)
            .ToList();
        var result = new byte[_body.Length + edits.Sum(e => e.Bytes.Length - (e.End - e.Start))];
        var (from, to) = (0, 0);
        foreach (var (start, end, bytes, _) in edits)
        {
            _body.Span[from..start].CopyTo(result.AsSpan(to));
            to += start - from;
            bytes.CopyTo(result.AsSpan(to));
            to += bytes.Length;
            from = end;
        }

        _body.Span[from..].CopyTo(result.AsSpan(to));
        return result;
    }

    /// <summary>What is behind a kept member goes with the comma before it; what is before the first kept one, with the comma after it.</summary>
    private void CutOut()
    {
        var kept = false;
        for (var i = 0; i < _members.Count; i++)
        {
            if (!_removed.Contains(_members[i].Start))
            {
                kept = true;
            }
            else if (kept)
            {
                _edits.Add((_members[i - 1].End, _members[i].End, []));
            }
            else
            {
                _edits.Add((_members[i].Start, i + 1 < _members.Count ? _members[i + 1].Start : _members[i].End, []));
            }
        }
    }

    private void InsertAt(int position, ref bool empty, string name, ReadOnlySpan<byte> value)
    {
        var key = System.Text.Encoding.UTF8.GetBytes($"{(empty ? "" : ",")}\"{name}\":");
        empty = false;
        _edits.Add((position, position, [.. key, .. value]));
    }

    private int NameEnd(MemberSpan member)
    {
        var span = _body.Span;
        var end = member.Start + 1;
        while (span[end] != (byte)'"')
        {
            end += span[end] == (byte)'\\' ? 2 : 1;
        }

        return end + 1;
    }
}
