using System.Diagnostics;

namespace Sluice.Cli.Scenarios.Time;

/// <summary>Runs work on a <see cref="VirtualClock"/>, which moves only when nothing in the process can go on without it.</summary>
/// <remarks>
/// Everything that runs here is work of the thread pool, in memory. All of the pool's threads but one are kept busy with waiting, so that
/// whatever is on the one that is left knows that nothing else runs: when it finds no work queued either, all calls wait for the clock.
/// One thread also means one order: the same scenario takes the same course every time.
/// </remarks>
internal sealed class VirtualTime : IThreadPoolWorkItem
{
    /// <summary>How long nothing may happen, in real time, before it is said that nothing will.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly Lazy<bool> Owned = new(OwnThePool);

    private readonly VirtualClock _clock;
    private readonly Task _work;
    private readonly TaskCompletionSource _stuck = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Stopwatch _idle = new();

    private VirtualTime(VirtualClock clock, Task work) => (_clock, _work) = (clock, work);

    /// <exception cref="StuckException">The work is not done, nothing can be done, and no timer would change that.</exception>
    /// <exception cref="UserException">The process may not have its thread pool to itself.</exception>
    public static async Task<T> RunAsync<T>(VirtualClock clock, Func<Task<T>> work)
    {
        if (!Owned.Value)
        {
            throw new UserException("virtual time needs the thread pool's size, which the environment has fixed; use --sockets");
        }

        var running = Task.Run(work);
        var driver = new VirtualTime(clock, running);
        ThreadPool.UnsafeQueueUserWorkItem(driver, preferLocal: false);
        if (await Task.WhenAny(running, driver._stuck.Task).ConfigureAwait(false) != running)
        {
            throw new StuckException();
        }

        return await running.ConfigureAwait(false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (_work.IsCompleted)
        {
            return;
        }

        if (ThreadPool.PendingWorkItemCount > 0)
        {
            _idle.Reset();
        }
        else if (_clock.FireNext())
        {
            _idle.Reset();
        }
        else if (_idle.Elapsed > Patience)
        {
            _stuck.TrySetResult();
            return;
        }
        else
        {
            _idle.Start();
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private static bool OwnThePool()
    {
        var most = Environment.ProcessorCount;
        ThreadPool.GetMaxThreads(out _, out var ports);
        ThreadPool.GetMinThreads(out _, out var least);
        if (!ThreadPool.SetMinThreads(most, least) || !ThreadPool.SetMaxThreads(most, ports))
        {
            return false;
        }

        var never = new ManualResetEventSlim();
        for (var i = 1; i < most; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static gate => gate.Wait(), never, preferLocal: false);
        }

        return true;
    }
}

/// <summary>A scenario waits for something that never comes.</summary>
internal sealed class StuckException() : Exception("nothing waits for the clock any more, and the scenario is not over");
