/*
 * What processes hold of an object (Holdings.java), and get back when one of them dies: -DSEMAPHORE permits, -DBARRIER parties of a round,
 * -DCONDITION registered waiters. All of it changes under a guard, here an atomic block: line.pml shows that it is a lock, and recovered.
 *
 * Found here: permits that are lost or made out of nothing; a party that passes a barrier before all came, or waits for the dead; a notification
 * that is lost; a process that sleeps for ever.
 */
#ifndef CLIENTS
#define CLIENTS 3
#endif
#ifndef DEATHS
#define DEATHS 1
#endif
#ifndef IMPATIENT
#define IMPATIENT 1
#endif
#ifndef ENTRIES
#define ENTRIES 2
#endif
#define TRACKER_DEATHS 0
#define POINTS 1

#include "waitpoint.pml"

#define waiters point[0]

typedef Entry {
    byte member;
    byte count;
    byte round
}

Entry entry[ENTRIES];
byte guardian;

inline guard() {
    atomic { guardian == 0 || gone[guardian] -> guardian = me }
}

inline unguard() {
    guardian = 0
}

/* Holdings.find, under the guard: at = its entry or ENTRIES */
inline find() {
    atomic {
        at = 0;
        do
        :: at < ENTRIES && entry[at].member != me -> at++
        :: else -> break
        od
    }
}

#if defined(MUTATE_CLAIM_FROM_THE_LIVING)
#define claimable   true
#elif defined(BARRIER) && !defined(MUTATE_CLAIM_FROM_THE_DEAD_OF_THIS_ROUND)
#define claimable   (entry[at].count == 0 || entry[at].round != generation)
#else
#define claimable   (entry[at].count == 0 || gone[entry[at].member])
#endif

/* Holdings.claim: at = an entry of its own, or ENTRIES */
inline claim() {
    find();
    if
    :: at == ENTRIES ->
        atomic {
            at = 0;
            do
            :: at < ENTRIES && !claimable -> at++
            :: else -> break
            od
        };
        if
        :: at < ENTRIES ->
            entry[at].count = 0;
            entry[at].member = me;
            step(HOLDER_CLAIMED)
        :: else
        fi
    :: else
    fi
}

/* WaitPoint.await, with look() of the object: sets holds */
inline await(ends) {
    over = false;
    do
    :: true ->
        if
        :: timed -> over = true
        :: true
        fi;
        begin(waiters);
        look();
        if
        :: !holds && !over -> block(waiters, ends)
        :: else
        fi;
        s = 0;
        leave(waiters);
        if
        :: holds -> break
        :: !holds && over ->
#ifndef MUTATE_LEAVE_WITHOUT_LOOKING
            look();
#endif
            break
        :: else
        fi
    od;
    over = false
}

#ifdef SEMAPHORE

#ifndef PERMITS
#define PERMITS 1
#endif

short total = PERMITS;
byte lost;      /* permits of dead processes that found no entry */

/* Holdings.sum, word by word: without the guard it is a guess. */
inline sum() {
    left = total;
    at = 0;
    do
    :: at < ENTRIES ->
        some = entry[at].count;
        if
        :: some != 0 && !gone[entry[at].member] -> left = left - some
        :: else
        fi;
        at++
    :: else -> break
    od;
    atomic { at = 0; some = 0 }
}

inline look() {
    sum();
    atomic { holds = left > 0; left = 0 }
}

inline acquire() {
    do
    :: true ->
        guard();
        atomic { sum() };
        if
        :: left > 0 ->
            claim();
            if
            :: at < ENTRIES ->
#ifdef MUTATE_PERMIT_IN_TWO_STORES
                total--;
                atomic { total++; entry[at].count++; has = true; recorded = true };
#else
                atomic { entry[at].count++; has = true; recorded = true };
#endif
                step(HOLDER_COUNTED)
            :: else ->
                atomic { total--; has = true }
            fi;
            at = 0
        :: else
        fi;
        unguard();
        if
        :: has ->
#ifndef MUTATE_NO_CASCADE
            if
            :: left > 1 -> signalOne(waiters)
            :: else
            fi;
#endif
            left = 0;
            break
        :: else ->
            left = 0;
            await(timed);
            if
            :: !holds -> break
            :: holds -> holds = false
            fi
        fi
    od
}

inline release() {
    guard();
    find();
    if
    :: at < ENTRIES && entry[at].count != 0 ->
        atomic { entry[at].count--; has = false };
        step(HOLDER_COUNTED)
    :: else ->
        atomic { total++; has = false }
    fi;
    atomic { at = 0; recorded = false };
    unguard();
#ifndef MUTATE_RELEASED_AND_NOT_SIGNALLED
    signalOne(waiters)
#endif
}

proctype client(byte me) {
    byte s, epoch, at, some;
    short left;
    bool timed, over, holds, has, recorded;
    {
        timed = me <= IMPATIENT;
#ifdef HANDED_OVER
        /* One process gives a permit to each of the others. */
        if
        :: me == 1 -> release(); release()
        :: else -> acquire()
        fi;
#else
        acquire();
        if
        :: has -> release()
        :: else
        fi;
#endif
        atomic { done[me] = true; timed = false }
    } unless {
        atomic {
            killed[me] ->
            lost = lost + (has && !recorded);
            s = 0; epoch = 0; at = 0; some = 0; left = 0; timed = false; over = false; holds = false; has = false; recorded = false
        }
    }
}

#ifdef HANDED_OVER
#define check() skip
#else
#define ended(who)  (done[who] || killed[who] && gone[who])
#if CLIENTS == 2
#define allEnded    (ended(1) && ended(2))
#elif CLIENTS == 3
#define allEnded    (ended(1) && ended(2) && ended(3))
#else
#define allEnded    (ended(1) && ended(2) && ended(3) && ended(4))
#endif

inline check() {
    atomic {
        allEnded ->
        for (id : 0 .. ENTRIES - 1) {
            total = total - (gone[entry[id].member] -> 0 : entry[id].count)
        };
        assert(total + lost == PERMITS)
    }
}
#endif
#endif

#ifdef BARRIER

#define PARTIES CLIENTS

byte generation = 1;
bool broken;
bool arrived[CLIENTS + 1];

/* Holdings.sumOfRound: here = the sum, DEAD_PARTY if a party is gone */
#define DEAD_PARTY 255

inline sumOfRound() {
    here = 0;
    at = 0;
    do
    :: at < ENTRIES && here != DEAD_PARTY ->
        if
        :: entry[at].count != 0 && entry[at].round == mine -> here = (gone[entry[at].member] -> DEAD_PARTY : here + entry[at].count)
        :: else
        fi;
        at++
    :: else -> break
    od;
    at = 0
}

inline look() {
    if
    :: generation != mine || broken -> holds = true
    :: else ->
        atomic { sumOfRound(); holds = here == DEAD_PARTY; here = 0 }
    fi
}

/* Who was killed before it arrived is waited for as long as the others like: they may be woken by nobody. */
#define absent(who)     (killed[who] && !arrived[who])
#define forsaken        (absent(1) || absent(2) || absent(CLIENTS))

/* Barrier.await, up to the wait */
inline arrive() {
    guard();
    mine = generation;
    atomic {
        sumOfRound();
        over = broken || here == DEAD_PARTY;
        last = here == PARTIES - 1;
        here = 0
    };
    if
    :: over ->
        unguard();
        breakGeneration()
    :: else ->
        claim();
        atomic {
            entry[at].round = mine;
            entry[at].count = 1;
            arrived[me] = true;
            at = 0
        };
        step(HOLDER_COUNTED)
        unguard()
    fi
}

inline breakGeneration() {
    guard();
    atomic { broken = broken || generation == mine };
    unguard();
    signalAll(waiters)
}

/* Barrier.trip */
inline trip() {
    guard();
    if
    :: generation == mine && !broken ->
#ifdef MUTATE_SIGNAL_BEFORE_TRIPPING
        signalAll(waiters);
#endif
        assert(arrived[1] && arrived[2] && arrived[CLIENTS]);
        generation++;
        step(BARRIER_TRIPPED)
        unguard();
#ifndef MUTATE_SIGNAL_BEFORE_TRIPPING
        signalAll(waiters)
#endif
    :: else -> unguard()
    fi
}

proctype client(byte me) {
    byte s, epoch, at, mine, here;
    bool timed, over, holds, last;
    {
        timed = me <= IMPATIENT;
        arrive();
        if
        :: over -> over = false
        :: !over && last -> trip()
        :: else ->
            await(timed || forsaken);
            if
            :: generation != mine -> assert(arrived[1] && arrived[2] && arrived[CLIENTS])
            :: else -> breakGeneration()
            fi
        fi;
        atomic { done[me] = true; timed = false; holds = false; last = false; mine = 0 }
    } unless {
        atomic {
            killed[me] -> s = 0; epoch = 0; at = 0; mine = 0; here = 0; timed = false; over = false; holds = false; last = false
        }
    }
}

#define check() skip
#endif

#ifdef CONDITION

/* The last client sends SIGNALS signals when the others are registered. An entry's round is how many of its waiters are told. */
#ifndef SIGNALS
#define SIGNALS 1
#endif

byte tickets;
byte limit;
byte went;
bool registered[CLIENTS + 1];

#define isLost(at)  (entry[at].count != 0 && gone[entry[at].member])
#define isTold      (entry[me - 1].round != 0 && ticket < limit)

/* Notifications.Told */
inline look() {
    atomic {
        at = 0;
        do
        :: at < ENTRIES && !holds ->
            holds = (at == me - 1 -> isTold : entry[at].round != 0 && isLost(at));
            at++
        :: else -> break
        od;
        at = 0
    }
}

/* Notifications.tell, to one */
inline tell() {
    limit = tickets;
    other = 0;
    do
    :: other < ENTRIES && (entry[other].count <= entry[other].round || isLost(other)) -> other++
    :: else -> break
    od;
    if
    :: other < ENTRIES -> entry[other].round++
    :: else
    fi;
    atomic { has = other < ENTRIES; other = 0 }
}

inline forgetTheDead() {
    at = 0;
    do
    :: at < ENTRIES && isLost(at) ->
#ifndef MUTATE_FORGET_WHAT_THE_DEAD_WERE_TOLD
        if
        :: entry[at].round != 0 ->
            tell();
            if
            :: has -> signalAll(waiters); has = false
            :: else
            fi
        :: else
        fi;
#endif
        atomic { entry[at].count = 0; entry[at].round = 0; at++ }
    :: at < ENTRIES && !isLost(at) -> at++
    :: else -> break
    od;
    at = 0
}

inline wait() {
    guard();
    forgetTheDead();
    atomic { entry[me - 1].member = me; entry[me - 1].count = 0; entry[me - 1].round = 0 };
    step(HOLDER_CLAIMED)
    ticket = tickets;
    tickets++;
    entry[me - 1].count = 1;
    step(HOLDER_COUNTED)
    step(CONDITION_REGISTERED)
    atomic { unguard(); registered[me] = true };
    do
    :: true ->
        await(timed || went != 0 || killed[CLIENTS]);
        over = !holds;
        holds = false;
        guard();
        if
        :: !isTold -> forgetTheDead()
        :: else
        fi;
        goes = isTold;
        if
        :: goes || over ->
#ifdef MUTATE_LEFT_IN_TWO_STORES
            entry[me - 1].round = entry[me - 1].round - goes;
            atomic { entry[me - 1].count = 0; went = went + goes };
#else
            atomic { entry[me - 1].count = 0; entry[me - 1].round = entry[me - 1].round - goes; went = went + goes };
#endif
            step(CONDITION_LEFT)
            unguard();
            break
        :: else -> unguard()
        fi
    od
}

inline send() {
    guard();
    forgetTheDead();
    tell();
    unguard();
    if
    :: has -> signalAll(waiters); has = false
    :: else
    fi
}

#define ready(who)  (registered[who] || killed[who])

proctype client(byte me) {
    byte s, epoch, at, other, ticket, sent;
    bool timed, over, holds, has, goes;
    {
        timed = me <= IMPATIENT;
        if
        :: me < CLIENTS -> wait()
        :: else ->
            ready(1) && ready(CLIENTS - 1);
            do
            :: sent < SIGNALS -> send(); sent++
            :: else -> break
            od
        fi;
        atomic { done[me] = true; timed = false; goes = false; over = false; ticket = 0; sent = 0 }
    } unless {
        atomic {
            killed[me] -> s = 0; epoch = 0; at = 0; other = 0; ticket = 0; sent = 0;
            timed = false; over = false; holds = false; has = false; goes = false
        }
    }
}

#define check() skip
#endif

init {
    byte id;
    atomic {
        for (id : 1 .. CLIENTS) {
            run client(id)
        }
    };
    check()
}
