#include "internal.h"

#include <time.h>

#define NANOS_PER_SECOND INT64_C(1000000000)

int64_t jmp__now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * NANOS_PER_SECOND + now.tv_nsec;
}

int64_t jmp__deadline(int64_t timeout_nanos) {
    int64_t now;
    if (timeout_nanos < 0) {
        return INT64_MAX;
    }
    now = jmp__now();
    return timeout_nanos > INT64_MAX - now ? INT64_MAX : now + timeout_nanos;
}

int64_t jmp__left(int64_t deadline) {
    int64_t left = deadline - jmp__now();
    return left > 0 ? left : 0;
}

static void relax(void) {
#if defined(__x86_64__) || defined(__i386__)
    __asm__ __volatile__("pause");
#elif defined(__aarch64__)
    __asm__ __volatile__("isb");
#endif
}

bool jmp__spin(int64_t *until, int64_t spin_nanos) {
    if (spin_nanos <= 0) {
        return false;
    }
    if (*until == 0) {
        *until = jmp__deadline(spin_nanos);
        return true;
    }
    relax();
    return jmp__left(*until) > 0;
}
