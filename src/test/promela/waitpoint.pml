/*
 * What the models share: processes that are killed, the table of members, the tracker, and the wait point (WaitPoint.java).
 *
 * A process dies between any two of its statements; step marks the instants that have a name in the code (enum Step), where the crash tests
 * have a process die too. An atomic block is one store, one compare-and-set, or what the kernel does in one go.
 *
 * A lost wake-up is an invalid end state: each process does a bounded number of things, so whoever sleeps when nothing can move any more sleeps for
 * ever. Only waits without a deadline can be found in it; those with one may end at any time, which is also how interrupts look.
 *
 * A model defines CLIENTS (processes, numbered from 1), POINTS (wait points) and DEATHS (how many may be killed) and TRACKER_DEATHS before it
 * includes this.
 */
#ifndef FIRST_VICTIM
#define FIRST_VICTIM 1
#endif
#ifndef LAST_VICTIM
#define LAST_VICTIM CLIENTS
#endif

#define step(name)

typedef Point {
    byte seq;
    byte epoch;
    byte count;
    bool woken;
    bool sleeps[CLIENTS + 1]
}

Point point[POINTS];

bool killed[CLIENTS + 1];   /* the kernel has ended it */
bool gone[CLIENTS + 1];     /* the member table says so */
bool done[CLIENTS + 1];     /* it has come to its end */
byte deaths;

/* ---- waiting: s = sequence(p); enter(p); look; block(p, s, ..); leave(p) ---- */

inline sequence(p) {
    s = p.seq
}

inline enter(p) {
    atomic { epoch = p.epoch; p.count++ };
    step(WAIT_ENTERED)
}

inline begin(p) {
#ifdef MUTATE_SEQUENCE_AFTER_ENTERING
    enter(p);
    sequence(p);
#else
    sequence(p);
    enter(p);
#endif
}

/* ends: whether a deadline or an interrupt may end it. */
inline block(p, ends) {
    step(WAIT_CHECKED)
    atomic {
#ifdef MUTATE_SLEEP_WITHOUT_COMPARING
        p.sleeps[me] = true
#else
        if
        :: p.seq == s -> p.sleeps[me] = true
        :: else
        fi
#endif
    };
    if
    :: !p.sleeps[me]
    :: ends -> p.sleeps[me] = false
    fi;
}

inline leave(p) {
    step(WAIT_WOKEN)
    atomic {
        if
#ifdef MUTATE_LEAVE_WITHOUT_EPOCH
        :: true ->
#else
        :: p.epoch == epoch ->
#endif
            assert(p.count > 0);
            p.count--;
#ifndef MUTATE_WOKEN_KEPT
            p.woken = false;
#endif
        :: else
        fi;
        epoch = 0
    }
}

/* ---- signalling, after the change ---- */

inline wake(p) {
    atomic {
        if
        :: p.sleeps[1] -> p.sleeps[1] = false
        :: p.sleeps[2] -> p.sleeps[2] = false
#if CLIENTS > 2
        :: p.sleeps[3] -> p.sleeps[3] = false
#endif
#if CLIENTS > 3
        :: p.sleeps[4] -> p.sleeps[4] = false
#endif
        :: else
        fi
    }
}

inline wakeAll(p) {
    atomic {
        p.sleeps[1] = false;
        p.sleeps[2] = false;
#if CLIENTS > 2
        p.sleeps[3] = false;
#endif
#if CLIENTS > 3
        p.sleeps[4] = false;
#endif
    }
}

inline signalOne(p) {
    if
    :: atomic { p.count != 0 && !p.woken -> p.woken = true };
        step(SIGNAL_PENDING)
#ifdef MUTATE_WAKE_BEFORE_COUNTING_UP
        wake(p);
        p.seq++
#else
        p.seq++;
        wake(p)
#endif
    :: else
    fi
}

inline signalAll(p) {
    if
    :: p.count != 0 ->
        step(SIGNAL_PENDING)
        p.seq++;
        wakeAll(p)
    :: else
    fi
}

/* ---- deaths ---- */

active proctype killer() {
    byte victim, i;
    do
    :: atomic {
            deaths < DEATHS ->
            select (victim : FIRST_VICTIM .. LAST_VICTIM);
            if
            :: !killed[victim] && !done[victim] ->
                killed[victim] = true;
                deaths++;
                for (i : 0 .. POINTS - 1) {
                    point[i].sleeps[victim] = false
                }
            :: else
            fi;
            victim = 0;
            i = 0
        }
    :: break
    od
}

inline trackerMayDie() {
    if
    :: trackerDeaths < TRACKER_DEATHS ->
        trackerDeaths++;
#ifndef MUTATE_NEXT_TRACKER_TRUSTS_COUNTS
        all = true;
#endif
        goto start
    :: true
    fi
}

/* all: one that replaces another does not know how far that one came, and whom it left asleep and not counted. */
inline broadcast() {
    for (i : 0 .. POINTS - 1) {
        trackerMayDie();
#ifdef MUTATE_BROADCAST_COUNTS_UP_FIRST
        point[i].seq++;
#endif
        if
        :: atomic {
#ifdef MUTATE_NO_BROADCAST
                false ->
#else
                all || point[i].count != 0 || point[i].woken ->
#endif
#ifndef MUTATE_BROADCAST_WITHOUT_RESET
                point[i].count = 0;
                point[i].woken = false;
#ifndef MUTATE_BROADCAST_WITHOUT_EPOCH
                point[i].epoch++
#endif
#endif
            };
            trackerMayDie();
#ifndef MUTATE_BROADCAST_COUNTS_UP_FIRST
            point[i].seq++;
#endif
            trackerMayDie();
            wakeAll(point[i])
        :: else
        fi
    };
    i = 0;
    all = false
}

#ifdef MUTATE_BROADCAST_BEFORE_MARKING
#define death(who)  !gone[who] && killed[who] -> broadcast(); gone[who] = true
#else
#define death(who)  atomic { !gone[who] && killed[who] -> gone[who] = true }; broadcast()
#endif

/* Marks who died in the member table, then makes everybody look again: a new epoch, which counts from 0, wherever somebody waits. */
active proctype tracker() {
    byte i, trackerDeaths;
    bool all;
start:
    if
    :: all -> broadcast()
    :: else
    fi;
end:
    do
    :: death(1)
    :: death(2)
#if CLIENTS > 2
    :: death(3)
#endif
#if CLIENTS > 3
    :: death(4)
#endif
    od
}
