using Sluice.Calls;

namespace Sluice.Admission;

/// <summary>All gates in order. On the first refusal, permits already granted are handed back, last first.</summary>
internal sealed class Gates(params IAdmissionGate[] gates)
{
    public async ValueTask<(Permits? Permits, Refusal? Refusal)> EnterAsync(
        Call call,
        Candidate candidate,
        CancellationToken cancellationToken
    )
    {
        var granted = new Permits(gates.Length);
        foreach (var gate in gates)
        {
            Admission admission;
            try
            {
                admission = await gate.EnterAsync(call, candidate, cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                granted.Return();
                throw;
            }

            if (admission.Refusal is { } refusal)
            {
                granted.Return();
                return (null, refusal);
            }

            granted.Add(admission.Permit);
        }

        return (granted, null);
    }
}

/// <summary>The permits of one attempt; a second end of it is an error.</summary>
internal sealed class Permits(int capacity)
{
    private readonly IPermit[] _permits = new IPermit[capacity];
    private int _count;
    private int _ended;

    public void Add(IPermit? permit)
    {
        if (permit is not null)
        {
            _permits[_count++] = permit;
        }
    }

    public void Settle(Attempt attempt)
    {
        End();
        foreach (var permit in _permits.AsSpan(0, _count))
        {
            permit.Settle(attempt);
        }
    }

    public void Return()
    {
        End();
        for (var i = _count - 1; i >= 0; i--)
        {
            _permits[i].Return();
        }
    }

    private void End()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 1)
        {
            throw new InvalidOperationException("An attempt ends once: its permits were already settled or returned.");
        }
    }
}
