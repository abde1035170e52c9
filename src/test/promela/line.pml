/*
 * The lock of a line (Line.java): each process takes it and gives it back ROUNDS times, and may be killed or give up waiting at any time.
 *
 * Found here: two living processes hold the lock; a count below 0; a process that sleeps although the lock is free, kept for the hungry, or held by
 * a dead process, and nobody is on his way to it.
 */
#ifndef CLIENTS
#define CLIENTS 3
#endif
#ifndef ROUNDS
#define ROUNDS 1
#endif
#ifndef DEATHS
#define DEATHS 1
#endif
#ifndef TRACKER_DEATHS
#define TRACKER_DEATHS 0
#endif
/* How many of them may give up waiting. */
#ifndef IMPATIENT
#define IMPATIENT 1
#endif
/* Whether a process may become hungry, and have the lock kept for it. */
#ifndef HUNGER
#define HUNGER 1
#endif
#define POINTS 1

#include "waitpoint.pml"

#define FREE 0
#define RESERVED 255
#define lockers point[0]

byte owner = FREE;
bool hunger;
bool holds[CLIENTS + 1];

#define free(who)   (!holds[who] || killed[who])
#if CLIENTS == 2
#define alone       (free(1) && free(2))
#elif CLIENTS == 3
#define alone       (free(1) && free(2) && free(3))
#else
#define alone       (free(1) && free(2) && free(3) && free(4))
#endif

/* One compare-and-set, after which nobody else who lives may hold the lock. */
inline take(from) {
    atomic {
        if
        :: owner == from ->
            assert(alone);
            owner = me;
            holds[me] = true;
            locked = true
        :: else
        fi
    };
    step(LOCK_TAKEN)
}

/* Line.tryLock */
inline tryLock() {
    if
    :: owner == FREE -> take(FREE)
    :: owner == RESERVED ->
        if
        :: lockers.count == 0 -> take(RESERVED)
        :: else
        fi
    :: else
    fi
}

/* Line.attempt */
inline attempt() {
    begin(lockers);
    seen = owner;
    if
    :: seen == FREE || seen == RESERVED && hungry ->
        take(seen);
        if
        :: locked -> hunger = false
        :: else
        fi
#ifdef MUTATE_RECOVER_FROM_THE_LIVING
    :: seen != FREE && seen != RESERVED ->
#else
    :: seen != FREE && seen != RESERVED && gone[seen] ->
#endif
        take(seen);
        step(LOCK_RECOVERED)
    :: else ->
        if
        :: !over && hungry -> hunger = true
        :: else
        fi;
        if
        :: !over ->
            block(lockers, timed || seen == RESERVED);
            /* It is hungry after a millisecond, which a wait for a reserved lock has lasted. */
            if
            :: HUNGER -> hungry = true
            :: seen != RESERVED || !HUNGER
            fi
        :: else
        fi
    fi;
    atomic { s = 0; seen = 0 };
    leave(lockers);
}

/* Line.lock */
inline lock() {
    tryLock();
    do
    :: locked || over -> break
    :: else ->
        if
        :: timed -> over = true
        :: true
        fi;
        attempt()
    od;
#ifndef MUTATE_GIVE_UP_SILENTLY
    if
    :: !locked && (owner == FREE || owner == RESERVED) -> signalOne(lockers)
    :: else
    fi;
#endif
    atomic { over = false; hungry = false }
}

/* Line.unlock */
inline unlock() {
    if
    :: hunger && lockers.count != 0 -> seen = RESERVED
    :: else -> seen = FREE
    fi;
#ifdef MUTATE_SIGNAL_BEFORE_FREEING
    signalOne(lockers);
#endif
#ifdef MUTATE_COUNT_LOOKED_AT_BEFORE_FREEING
    wanted = lockers.count != 0;
#endif
    atomic { assert(owner == me); owner = seen; holds[me] = false; seen = 0; locked = false };
    step(LOCK_FREED)
#ifdef MUTATE_COUNT_LOOKED_AT_BEFORE_FREEING
    if
    :: wanted -> signalOne(lockers)
    :: else
    fi;
    wanted = false
#else
#if !defined(MUTATE_SIGNAL_BEFORE_FREEING) && !defined(MUTATE_FREED_AND_NOT_SIGNALLED)
    signalOne(lockers)
#endif
#endif
}

proctype client(byte me) {
    byte s, epoch, seen, round;
    bool hungry, timed, over, locked;
#ifdef MUTATE_COUNT_LOOKED_AT_BEFORE_FREEING
    bool wanted;
#endif
    {
        do
        :: round < ROUNDS ->
            round++;
            if
            :: me <= IMPATIENT -> timed = true
            :: timed = false
            fi;
            lock();
            if
            :: locked -> unlock()
            :: else
            fi
        :: else -> break
        od;
        atomic { done[me] = true; round = 0; timed = false }
    } unless {
        atomic {
            killed[me] -> s = 0; epoch = 0; seen = 0; round = 0; hungry = false; timed = false; over = false; locked = false
        }
    }
}

init {
    atomic {
        byte id;
        for (id : 1 .. CLIENTS) {
            run client(id)
        }
    }
}
