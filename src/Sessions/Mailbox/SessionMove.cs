using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Sessions.Mailbox;

/// <summary>One move of <see cref="SessionTransitions"/> while it is made: the state so far, and what follows from it.</summary>
internal sealed class SessionMove(SessionState state, DateTimeOffset now)
{
    private readonly List<SessionEffect> _effects = [];
    private SessionState _state = state;

    public SessionTransition Result => new(_state, _effects);

    private bool IsBusy => _state.Running is not null || _state.Waiting.Count > 0 || _state.Phase != SessionPhase.Open;

    public void Submit(TurnTicket ticket, int waitingLimit)
    {
        if (IsKnown(ticket.TurnId))
        {
            return;
        }

        foreach (var earlier in ticket.OpenBefore ?? [])
        {
            Submit(earlier, waitingLimit);
        }

        Admit(ticket with { OpenBefore = null }, waitingLimit);
    }

    /// <summary>Hears of turns that are not known to have ended.</summary>
    public void Learn(IEnumerable<TurnTicket> open)
    {
        foreach (var ticket in open)
        {
            Submit(ticket, int.MaxValue);
        }
    }

    public void Finish(TurnId turn, Placement? placement)
    {
        if (_state.Running?.TurnId == turn)
        {
            _state = _state with { Running = null, Placement = Newer(_state.Placement, placement) };
        }
        else if (_state.Ending.Contains(turn))
        {
            _state = _state with { Ending = [.. _state.Ending.Where(ending => ending != turn)] };
        }
        else
        {
            return;
        }

        _state = _state with { Recent = Remember(_state.Recent, turn) };
        GoOn();
    }

    public void Cancel(TurnId turn)
    {
        if (_state.Running?.TurnId == turn)
        {
            Stop(turn, ProblemCatalogue.TurnCancelled());
        }
        else if (FindWaiting(turn) is { } ticket)
        {
            Drop(ticket, ProblemCatalogue.TurnCancelled());
        }
        else if (!IsKnown(turn))
        {
            // Its submission is still on its way, or was lost. When it comes it is known, and does not run any more.
            Refuse(turn, ProblemCatalogue.TurnCancelled());
        }
    }

    public void Expire(TurnId turn)
    {
        if (FindWaiting(turn) is not { } ticket)
        {
            return;
        }

        if (IsDue(ticket))
        {
            Drop(ticket, ProblemCatalogue.TurnExpired());
        }
        else
        {
            RemindOf(ticket);
        }
    }

    public void Close(bool onlyIfExpired)
    {
        if (!onlyIfExpired)
        {
            CloseNow();
        }
        else if (!IsBusy && _state.Ending.Count == 0)
        {
            Wipe(onlyIfExpired: true);
        }
    }

    public void Reopen()
    {
        if (_state.Phase != SessionPhase.Erasing)
        {
            return;
        }

        // Whatever a host still remembers of the erased conversation is of an older epoch.
        _state = _state with
        {
            Phase = _state.CloseAgain ? SessionPhase.Closing : SessionPhase.Open,
            CloseAgain = false,
            Placement = _state.Placement is { } held ? held with { Epoch = held.Epoch + 1 } : null,

            // Its turns are gone with it, so their ids may be used anew.
            Recent = [],
        };
        GoOn();
    }

    private void CloseNow()
    {
        foreach (var ticket in _state.Waiting)
        {
            Drop(ticket, ProblemCatalogue.TurnCancelled());
        }

        if (_state.Running is { } running)
        {
            Stop(running.TurnId, ProblemCatalogue.TurnCancelled());
        }

        // What runs now may have passed over what was cancelled just now.
        _state = _state.Phase == SessionPhase.Erasing
            ? _state with { CloseAgain = true }
            : _state with { Phase = SessionPhase.Closing };
        GoOn();
    }

    private void Admit(TurnTicket ticket, int waitingLimit)
    {
        if (IsDue(ticket))
        {
            Refuse(ticket.TurnId, ProblemCatalogue.TurnExpired());
        }
        else if (!IsBusy)
        {
            Start(ticket with { Dispatched = null, RunsAhead = false }, ticket.Dispatched);
        }
        else if (ticket.Dispatched is not null || ticket.RunsAhead)
        {
            // It runs, so the turns that were before it have ended; only the word of that is still on its way.
            Enqueue(ticket with { Dispatched = null, OnBusy = OnBusy.Queue, RunsAhead = true });
        }
        else if (ticket.OnBusy == OnBusy.Reject)
        {
            Refuse(ticket.TurnId, ProblemCatalogue.SessionBusy());
        }
        else if (_state.Waiting.Count >= waitingLimit)
        {
            Refuse(ticket.TurnId, ProblemCatalogue.SessionQueueFull(waitingLimit));
        }
        else
        {
            Enqueue(ticket);
        }
    }

    /// <summary>With no turn running: begins the next one, or erases the session that is to be closed.</summary>
    private void GoOn()
    {
        if (_state.Phase == SessionPhase.Closing && _state.Running is null && _state.Ending.Count == 0)
        {
            Wipe(onlyIfExpired: false);
        }

        while (_state is { Phase: SessionPhase.Open, Running: null, Waiting: [var next, ..] })
        {
            if (IsDue(next))
            {
                Drop(next, ProblemCatalogue.TurnExpired());
            }
            else
            {
                _state = _state with { Waiting = [.. _state.Waiting.Skip(1)] };
                Start(next);
            }
        }
    }

    private void Start(TurnTicket ticket, TurnDispatch? dispatched = null)
    {
        _state = _state with { Running = ticket };
        if (ticket.Interrupted)
        {
            // Its end is published, and with that its host stops it.
            _effects.Add(new SessionEffect.Refuse(ticket.TurnId, ProblemCatalogue.Interrupted()));
            return;
        }

        // A host that was given the turn under an epoch that has passed has it in vain.
        _effects.Add(dispatched is not null && Newer(_state.Placement, dispatched.Placement) == dispatched.Placement
            ? new SessionEffect.Start(ticket, dispatched.Placement) { Dispatched = dispatched }
            : new SessionEffect.Start(ticket, _state.Placement));
    }

    private void Enqueue(TurnTicket ticket)
    {
        if (ticket.OnBusy == OnBusy.Interrupt)
        {
            _state = _state with { Waiting = [.. _state.Waiting.Select(waiting => waiting.RunsAhead ? waiting with { Interrupted = true } : waiting)] };
        }

        _state = _state with { Waiting = [.. _state.Waiting, ticket] };
        if (ticket.ExpiresAt is not null)
        {
            RemindOf(ticket);
        }

        if (ticket.OnBusy == OnBusy.Interrupt && _state.Running is { } running)
        {
            Stop(running.TurnId, ProblemCatalogue.Interrupted());
        }
    }

    private void Stop(TurnId running, Problem problem)
    {
        var begun = _effects.FindIndex(effect => effect is SessionEffect.Start(var ticket, _) && ticket.TurnId == running);
        if (begun < 0)
        {
            _effects.Add(new SessionEffect.Interrupt(running, problem));
            return;
        }

        // Only just learnt of: there is no orchestration yet that could be told. Its end is published, and with that its host stops it.
        _effects[begun] = new SessionEffect.Refuse(running, problem);
        _state = _state with { Running = _state.Running! with { Interrupted = true } };
    }

    private void Drop(TurnTicket ticket, Problem problem)
    {
        _state = _state with { Waiting = [.. _state.Waiting.Where(waiting => waiting.TurnId != ticket.TurnId)] };
        Refuse(ticket.TurnId, problem);
    }

    private void Refuse(TurnId turn, Problem problem)
    {
        _state = _state with { Ending = [.. _state.Ending, turn] };
        _effects.Add(new SessionEffect.Refuse(turn, problem));
    }

    private void Wipe(bool onlyIfExpired)
    {
        _state = _state with { Phase = SessionPhase.Erasing };
        _effects.Add(new SessionEffect.Wipe(_state.Placement, onlyIfExpired));
    }

    private void RemindOf(TurnTicket ticket)
    {
        if (ticket.ExpiresAt is { } at)
        {
            _effects.Add(new SessionEffect.Remind(ticket.TurnId, at));
        }
    }

    private bool IsDue(TurnTicket ticket) => ticket.ExpiresAt <= now;

    private TurnTicket? FindWaiting(TurnId turn) => _state.Waiting.FirstOrDefault(waiting => waiting.TurnId == turn);

    private bool IsKnown(TurnId turn) =>
        _state.Running?.TurnId == turn
        || FindWaiting(turn) is not null
        || _state.Ending.Contains(turn)
        || _state.Recent.Contains(turn);

    private static Placement? Newer(Placement? held, Placement? reported) =>
        reported is not null && (held is null || reported.Epoch >= held.Epoch) ? reported : held;

    private static IReadOnlyList<TurnId> Remember(IReadOnlyList<TurnId> recent, TurnId turn) =>
        [.. recent.Skip(recent.Count + 1 - SessionState.RecentTurns), turn];
}
