using Sluice.Calls;

namespace Sluice.Admission.Health;

/// <summary>The graduated breaker of one target: failures take traffic from it step by step, success and time give it back.</summary>
/// <remarks>
/// There is no timer: what time has done is worked out when somebody asks. Only what passes through it counts, so that calls it
/// refuses never keep it open.
/// </remarks>
internal sealed class Breaker
{
    /// <summary>What a call is told that comes while a probe is under way, which nobody knows the end of.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private BreakerRecord _record = BreakerRecord.Closed;
    private DateTimeOffset _probedAt;
    private int _probing;

    /// <summary>What is remembered, as of the last event.</summary>
    public BreakerRecord Record => Volatile.Read(ref _record);

    public void Restore(BreakerRecord record)
    {
        lock (_lock)
        {
            _record = record;
        }
    }

    /// <summary>Forgets everything but its totals.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _record = _record.Forgotten();
        }
    }

    public BreakerEntry Enter(BreakerAsk ask, BreakerSettings settings, DateTimeOffset now)
    {
        if (Record.Level == 0)
        {
            return BreakerEntry.Passes;
        }

        lock (_lock)
        {
            _record = _record.After(now, settings.CoolDown, settings.Most);
            var entry = Decide_NeedsLock(ask, settings, now);
            if (entry.Refused)
            {
                _record = _record with { Refused = _record.Refused + 1 };
            }
            else if (entry.Probe)
            {
                _probing++;
                _probedAt = now;
            }

            return entry;
        }
    }

    /// <summary>An attempt that passed has failed in a way that counts.</summary>
    /// <param name="started">When it began: one from before it opened is old news.</param>
    /// <remarks>While it ran the target was not idle: of attempts that take longer than a cool-down to fail every one would else be forgotten.</remarks>
    /// <returns>Whether anything changed.</returns>
    public bool Fail(DateTimeOffset started, BreakerSettings settings, DateTimeOffset now)
    {
        lock (_lock)
        {
            var idle =
                started > now ? now
                : started < _record.At && _record.At < now ? _record.At
                : started;
            var record = _record.After(idle, settings.CoolDown, settings.Most);
            record = record with { Failures = record.Failures + 1 };
            if (started >= (record.OpenedAt ?? DateTimeOffset.MinValue))
            {
                record = record with { Level = Math.Min(record.Level + 1, settings.Most), At = now };
                if (record.Level == settings.Most)
                {
                    record = record with { OpenedAt = now, Recovering = false };
                }
            }

            _record = record;
            return true;
        }
    }

    /// <summary>An attempt that passed has succeeded.</summary>
    /// <inheritdoc cref="Fail" path="/param"/>
    /// <inheritdoc cref="Fail" path="/returns"/>
    public bool Succeed(DateTimeOffset started, BreakerSettings settings, DateTimeOffset now)
    {
        if (Record.Level == 0)
        {
            return false;
        }

        lock (_lock)
        {
            var record = _record.After(now, settings.CoolDown, settings.Most);
            record = record with { Successes = record.Successes + 1 };
            if (record.Level > 0 && started >= (record.OpenedAt ?? DateTimeOffset.MinValue))
            {
                record =
                    record.Level == 1
                        ? record.Forgotten()
                        : record with
                        {
                            Level = record.Level - 1,
                            At = now,
                            Recovering = record.OpenedAt is not null,
                        };
            }

            _record = record;
            return true;
        }
    }

    /// <summary>A probe ended, however it did.</summary>
    public void EndProbe()
    {
        lock (_lock)
        {
            _probing--;
        }
    }

    public BreakerView View(BreakerSettings settings, DateTimeOffset now)
    {
        if (!settings.Enabled || Record.Level == 0)
        {
            return new BreakerView(BreakerState.Closed, 1, 0, null, 0);
        }

        lock (_lock)
        {
            var record = _record.After(now, settings.CoolDown, settings.Most);
            var state =
                record.Level == 0 ? BreakerState.Closed
                : record.Level == settings.Most ? BreakerState.Open
                : record.Recovering ? BreakerState.Recovering
                : BreakerState.Degraded;
            var wait = state == BreakerState.Open ? Wait_NeedsLock(record, settings, now) : (TimeSpan?)null;
            return new BreakerView(state, settings.ShareAt(record.Level), record.Level, wait, _probing);
        }
    }

    private BreakerEntry Decide_NeedsLock(BreakerAsk ask, BreakerSettings settings, DateTimeOffset now)
    {
        if (_record.Level == 0)
        {
            return BreakerEntry.Passes;
        }

        if (_record.Level == settings.Most)
        {
            var wait = Wait_NeedsLock(_record, settings, now);
            return wait > TimeSpan.Zero ? BreakerEntry.Open(wait) : BreakerEntry.Probes;
        }

        if (_record.OpenedAt is null)
        {
            return ask.Again || ask.Draw <= settings.ShareAt(_record.Level) || !ask.Follows ? BreakerEntry.Passes : BreakerEntry.Skipped;
        }

        return MayProbe_NeedsLock(settings, now) ? BreakerEntry.Probes
            : ask.Follows ? BreakerEntry.Skipped
            : BreakerEntry.Passes;
    }

    private TimeSpan Wait_NeedsLock(BreakerRecord record, BreakerSettings settings, DateTimeOffset now)
    {
        var wait = record.At + settings.ProbeAfter - now;
        return wait > TimeSpan.Zero ? wait
            : MayProbe_NeedsLock(settings, now) ? TimeSpan.Zero
            : Soon;
    }

    /// <remarks>A probe that is under way for longer than a cool-down, such as a long stream, stands in nobody's way.</remarks>
    private bool MayProbe_NeedsLock(BreakerSettings settings, DateTimeOffset now) =>
        _probing < settings.Probes || now >= _probedAt + settings.CoolDown || now < _probedAt;
}
