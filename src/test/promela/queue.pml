/*
 * The queue: rings in a row, a tail and a head of which each is one word (ring, position, count), a guard for the put side and one for the get side.
 * A record takes one cell of a ring; one cell is kept for the END that sends consumers to the next ring. The guards are atomic here: line.pml shows
 * that they are locks, and recovered.
 *
 * Found here: a message that comes twice or out of its producer's order, or that is no message; one that is lost although nobody who had it in his
 * hands was killed; a consumer that sleeps while there are messages; a producer that sleeps while there is room.
 */
#ifndef PRODUCERS
#define PRODUCERS 1
#endif
#ifndef CONSUMERS
#define CONSUMERS 2
#endif
#define CLIENTS (PRODUCERS + CONSUMERS)
/* How many each producer puts, and each consumer takes. */
#ifndef PUTS
#define PUTS 2
#endif
#ifndef GETS
#define GETS 1
#endif
#ifndef BOUND
#define BOUND 2
#endif
#ifndef CELLS
#define CELLS 2
#endif
#ifndef RINGS
#define RINGS 3
#endif
#ifndef DEATHS
#define DEATHS 1
#endif
#ifndef IMPATIENT
#define IMPATIENT 0
#endif
#define TRACKER_DEATHS 0
#define POINTS 2

#include "waitpoint.pml"

#define producers   point[0]
#define consumers   point[1]

#define NOTHING 0
#define END 255
#define message(producer, number)   (16 * producer + number)

typedef Ring {
    byte cell[CELLS];
    bool deleted
}

typedef Word {
    byte ring;
    byte position;
    byte count
}

Ring ring[RINGS];
Word tail;
Word head;
#ifdef BLOBS
bool file[PUTS + 1];        /* of the messages of the only producer: too large for a ring */
#endif
byte guardian[2];
bool closed;
byte taken[PRODUCERS + 1];  /* the number of the last message that was taken off the queue, for each producer */

#define isEmpty     (head.count == tail.count)
#define hasRoom     (tail.count - head.count < BOUND)

/* Nobody will come any more: then it is no wonder that somebody waits for ever. */
#define ended(who)      (done[who] || killed[who])
#ifdef SHUTDOWN
#define noProducers     false
#elif PRODUCERS == 1
#define noProducers     (ended(1))
#elif PRODUCERS == 2
#define noProducers     (ended(1) && ended(2))
#endif
#if CONSUMERS == 1
#define noConsumers     (ended(CLIENTS) && !hasRoom)
#elif CONSUMERS == 2
#define noConsumers     (ended(CLIENTS) && ended(CLIENTS - 1) && !hasRoom)
#endif

inline guard(side) {
    atomic { guardian[side] == 0 || gone[guardian[side]] -> guardian[side] = me }
}

inline unguard(side) {
    guardian[side] = 0
}

/* WaitPoint.await */
inline await(p, condition, ends) {
    do
    :: true ->
        if
        :: timed -> over = true
        :: true
        fi;
        begin(p);
        holds = condition;
        if
        :: !holds && !over -> block(p, ends)
        :: else
        fi;
        s = 0;
        leave(p);
        if
        :: holds -> break
        :: !holds && over ->
            /* This look alone, or that the caller passes on, would be enough. */
#ifndef MUTATE_LEAVE_WITHOUT_LOOKING
            holds = condition;
#endif
            break
        :: else
        fi
    od;
    atomic { over = false; waited = true }
}

/* One signal stands for all that there is: who waited passes it on. */
inline passOn(p, condition) {
    if
    :: waited && condition -> signalOne(p)
    :: else
    fi;
    waited = false
}

/* One store publishes ring, position and count. */
#ifdef MUTATE_TAIL_IN_TWO_STORES
#define publishTail(toRing, toPosition, toCount) \
    tail.count = toCount; \
    atomic { tail.ring = toRing; tail.position = toPosition }
#else
#define publishTail(toRing, toPosition, toCount) \
    atomic { tail.position = toPosition; tail.ring = toRing; tail.count = toCount }
#endif

#define freeCells   (head.ring == tail.ring -> CELLS - (tail.position - head.position) : CELLS - tail.position)

inline put(what) {
    do
    :: true ->
        guard(0);
        if
        :: closed -> unguard(0); break
        :: !closed && hasRoom ->
            if
            :: freeCells <= 1 ->
#ifdef MUTATE_NEXT_RING_BEFORE_END
                was = tail.position;
                publishTail((tail.ring + 1), 0, tail.count);
                ring[tail.ring - 1].cell[was % CELLS] = END;
#else
                ring[tail.ring].cell[tail.position % CELLS] = END;
                publishTail((tail.ring + 1), 0, tail.count);
#endif
                step(RING_STARTED)
            :: else
            fi;
            assert(tail.ring < RINGS);
#ifdef BLOBS
            file[what % 16] = true;
            step(BLOB_WRITTEN)
#endif
#ifdef MUTATE_TAIL_BEFORE_RECORD
            publishTail(tail.ring, (tail.position + 1), (tail.count + 1));
            ring[tail.ring].cell[(tail.position - 1) % CELLS] = what;
#else
            ring[tail.ring].cell[tail.position % CELLS] = what;
            step(PUT_WRITTEN)
            publishTail(tail.ring, (tail.position + 1), (tail.count + 1));
#endif
            step(PUT_PUBLISHED)
            unguard(0);
#ifndef MUTATE_PUT_AND_NOT_SIGNALLED
            signalOne(consumers);
#endif
#ifndef MUTATE_NO_CASCADE_OF_PRODUCERS
            passOn(producers, hasRoom);
#endif
            break
        :: else ->
            unguard(0);
            await(producers, (closed || hasRoom), (timed || noConsumers));
            if
            :: !holds ->
#ifndef MUTATE_LEAVE_WITHOUT_LOOKING
                passOn(producers, hasRoom);
#endif
                break
            :: else -> holds = false
            fi
        fi
    od
}

/* Takes it off the queue, and says what it was. */
inline publishHead() {
#ifdef MUTATE_HEAD_IN_TWO_STORES
    head.count++;
    atomic {
        head.position++;
#else
    atomic {
        head.position++;
        head.count++;
#endif
#ifndef MUTATE_HEAD_BEFORE_COPY
        check()
#endif
    }
}

inline check() {
    assert(copy != NOTHING && copy != END);
    assert(copy / 16 <= PRODUCERS && copy % 16 == taken[copy / 16] + 1);
    taken[copy / 16]++;
    copy = 0
}

inline get() {
    do
    :: true ->
        guard(1);
        assert(head.ring != tail.ring || tail.position - head.position == tail.count - head.count);
        if
        :: !isEmpty ->
            assert(!ring[head.ring].deleted);
            if
            :: ring[head.ring].cell[head.position % CELLS] == END ->
#ifdef MUTATE_DELETED_BEFORE_HEAD
                ring[head.ring].deleted = true;
                atomic { head.ring++; head.position = 0 }
#else
                atomic { head.ring++; head.position = 0 };
                step(RING_LEFT)
                ring[head.ring - 1].deleted = true
#endif
            :: else
            fi;
#ifdef MUTATE_HEAD_BEFORE_COPY
            publishHead();
            atomic { copy = ring[head.ring].cell[(head.position - 1) % CELLS]; check() };
#else
            copy = ring[head.ring].cell[head.position % CELLS];
#ifdef BLOBS
            if
            :: file[copy % 16] -> file[copy % 16] = false
            :: else ->
                /* Its taker died with it in his hands. */
                assert(deaths != 0)
            fi;
            step(BLOB_OPENED)
#endif
            step(GET_COPIED)
            publishHead();
#endif
            step(GET_PUBLISHED)
            unguard(1);
#ifndef MUTATE_NO_CASCADE_OF_CONSUMERS
            passOn(consumers, !isEmpty);
#endif
#ifndef MUTATE_GOT_AND_NOT_SIGNALLED
            signalOne(producers);
#endif
            break
        :: isEmpty && closed -> unguard(1); break
        :: else ->
            unguard(1);
            await(consumers, (closed || !isEmpty), (timed || isEmpty && noProducers));
            if
            :: !holds ->
#ifndef MUTATE_LEAVE_WITHOUT_LOOKING
                passOn(consumers, !isEmpty);
#endif
                break
            :: else -> holds = false
            fi
        fi
    od
}

inline shutdown() {
#ifdef MUTATE_SIGNAL_BEFORE_CLOSING
    signalAll(producers);
    signalAll(consumers);
    closed = true
#else
    closed = true;
    signalAll(producers);
    signalAll(consumers)
#endif
}

proctype client(byte me) {
    byte s, epoch, number, copy;
#ifdef MUTATE_NEXT_RING_BEFORE_END
    byte was;
#endif
    bool timed, over, holds, waited;
    {
        timed = me > CLIENTS - IMPATIENT;
        do
        :: me <= PRODUCERS && number < PUTS ->
            number++;
            put(message(me, number));
            holds = false
        :: me > PRODUCERS && number < GETS ->
            number++;
            get();
            holds = false
        :: else -> break
        od;
#ifdef SHUTDOWN
        if
        :: me == 1 -> shutdown()
        :: else
        fi;
#endif
        atomic { done[me] = true; number = 0; timed = false }
    } unless {
        atomic {
            killed[me] -> s = 0; epoch = 0; number = 0; copy = 0; timed = false; over = false; holds = false; waited = false
        }
    }
}

init {
    byte id;
    atomic {
        for (id : 1 .. CLIENTS) {
            run client(id)
        }
    }
}
