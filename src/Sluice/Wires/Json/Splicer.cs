using System.Text;

namespace Sluice.Wires.Json;

/// <summary>Changes single members of a JSON body and leaves every other byte as it was.</summary>
internal sealed class Splicer
{
    private readonly JsonMembers _members;
    private readonly List<Edit> _edits = new(4);
    private readonly int _objectEnd;
    private HashSet<int>? _removed;
    private Dictionary<string, List<(string Name, byte[] Value)>>? _inside;
    private bool _empty;

    /// <param name="members">The top-level members of the body.</param>
    public Splicer(JsonMembers members)
    {
        _members = members;
        _empty = members.Count == 0;
        _objectEnd = members.Body.Span.LastIndexOf((byte)'}');
    }

    private ReadOnlySpan<byte> Body => _members.Body.Span;

    public void Replace(MemberSpan member, ReadOnlySpan<byte> value)
    {
        if (!Body[member.ValueStart..member.End].SequenceEqual(value))
        {
            Add(new Edit(member.ValueStart, member.End, value.ToArray()));
        }
    }

    public void Rename(MemberSpan member, string name) =>
        Add(new Edit(member.Start, NameEnd(member), Encoding.UTF8.GetBytes($"\"{name}\"")));

    /// <summary>Gives a member this value; a dot leads into an object, which is made where there is none.</summary>
    public void Set(string path, ReadOnlySpan<byte> value)
    {
        if (path.Split('.', 2) is [var parent, var name])
        {
            SetInside(parent, name, value);
        }
        else if (_members.Find(path) is { } member)
        {
            Replace(member, value);
        }
        else
        {
            Insert(path, value);
        }
    }

    private void SetInside(string parent, string name, ReadOnlySpan<byte> value)
    {
        if (_members.Object(parent)?.Find(name) is { } member)
        {
            Replace(member, value);
        }
        else
        {
            ((_inside ??= []).TryGetValue(parent, out var added) ? added : _inside[parent] = []).Add((name, value.ToArray()));
        }
    }

    /// <summary>Adds a member at the end of the body.</summary>
    public void Insert(string name, ReadOnlySpan<byte> value)
    {
        InsertAt(_objectEnd, _empty, name, value);
        _empty = false;
    }

    /// <summary>Takes a member out, with the comma that separated it.</summary>
    public void Remove(MemberSpan member) => (_removed ??= []).Add(member.Start);

    /// <summary>The body with every change; the very same memory when there is none.</summary>
    public ReadOnlyMemory<byte> Apply()
    {
        CutOut();
        InsertInside();
        if (_edits.Count == 0)
        {
            return _members.Body;
        }

        var length = Body.Length;
        foreach (var edit in _edits)
        {
            length += edit.Bytes.Length - (edit.End - edit.Start);
        }

        var result = new byte[length];
        var (from, to) = (0, 0);
        foreach (var edit in _edits)
        {
            Body[from..edit.Start].CopyTo(result.AsSpan(to));
            to += edit.Start - from;
            edit.Bytes.CopyTo(result.AsSpan(to));
            to += edit.Bytes.Length;
            from = edit.End;
        }

        Body[from..].CopyTo(result.AsSpan(to));
        return result;
    }

    /// <summary>Keeps edits in the order of their place; at the same place, in the order in which they were made.</summary>
    private void Add(Edit edit)
    {
        var at = _edits.Count;
        while (at > 0 && _edits[at - 1].Start > edit.Start)
        {
            at--;
        }

        _edits.Insert(at, edit);
    }

    /// <summary>What is behind a kept member goes with the comma before it; what is before the first kept one, with the comma after it.</summary>
    private void CutOut()
    {
        if (_removed is null)
        {
            return;
        }

        var kept = false;
        for (var i = 0; i < _members.Count; i++)
        {
            if (!_removed.Contains(_members[i].Start))
            {
                kept = true;
            }
            else if (kept)
            {
                Add(new Edit(_members[i - 1].End, _members[i].End, []));
            }
            else
            {
                Add(new Edit(_members[i].Start, i + 1 < _members.Count ? _members[i + 1].Start : _members[i].End, []));
            }
        }
    }

    /// <summary>Adds what belongs into objects, together: each is opened once, or made once.</summary>
    private void InsertInside()
    {
        foreach (var (parent, added) in _inside ?? [])
        {
            if (_members.Object(parent) is { } known)
            {
                for (var i = 0; i < added.Count; i++)
                {
                    InsertAt(_members.Find(parent)!.Value.End - 1, known.Count + i == 0, added[i].Name, added[i].Value);
                }

                continue;
            }

            var made = JsonText.Object(added);
            if (_members.Find(parent) is { } nothing)
            {
                Replace(nothing, made);
            }
            else
            {
                Insert(parent, made);
            }
        }
    }

    private void InsertAt(int position, bool empty, string name, ReadOnlySpan<byte> value)
    {
        var key = $"{(empty ? "" : ",")}\"{name}\":";
        var length = Encoding.UTF8.GetByteCount(key);
        var bytes = new byte[length + value.Length];
        Encoding.UTF8.GetBytes(key, bytes);
        value.CopyTo(bytes.AsSpan(length));
        Add(new Edit(position, position, bytes));
    }

    private int NameEnd(MemberSpan member)
    {
        var end = member.Start + 1;
        while (Body[end] != (byte)'"')
        {
            end += Body[end] == (byte)'\\' ? 2 : 1;
        }

        return end + 1;
    }

    /// <summary>The bytes from one offset up to another become these.</summary>
    private readonly record struct Edit(int Start, int End, byte[] Bytes);
}
