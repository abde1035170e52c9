#include "internal.h"

#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#ifdef JMP_HAVE_FUTEX
#include <linux/futex.h>
#include <sys/syscall.h>

/* Where time_t outgrew long, the old call does not understand it. */
#if defined(SYS_futex_time64) && defined(SYS_futex)
#define FUTEX_CALL (sizeof(time_t) > sizeof(long) ? SYS_futex_time64 : SYS_futex)
#elif defined(SYS_futex_time64)
#define FUTEX_CALL SYS_futex_time64
#else
#define FUTEX_CALL SYS_futex
#endif

int jmp_wait_word(int64_t address, int expected, int64_t timeout_nanos) {
    int64_t deadline = jmp__deadline(timeout_nanos);
    int64_t left = timeout_nanos;
    for (;;) {
        struct timespec time = {.tv_sec = (time_t)(left / 1000000000), .tv_nsec = (long)(left % 1000000000)};
        /* Without FUTEX_PRIVATE_FLAG: the waker may be another process. */
        if (syscall(FUTEX_CALL, (void *)(intptr_t)address, FUTEX_WAIT, expected, timeout_nanos < 0 ? NULL : &time, NULL, 0) == 0) {
            return 0;
        }
        switch (errno) {
        case EAGAIN:
            return 0;
        case ETIMEDOUT:
            return 1;
        case EINTR:
            left = timeout_nanos < 0 ? left : jmp__left(deadline);
            break;
        default:
            return -errno;
        }
    }
}

int jmp_wake_word(int64_t address, int count) {
    long woken = syscall(FUTEX_CALL, (void *)(intptr_t)address, FUTEX_WAKE, count, NULL, NULL, 0);
    return woken >= 0 ? (int)woken : -errno;
}

#else
#ifdef JMP_HAVE_OS_SYNC
#include <os/clock.h>
#include <os/os_sync_wait_on_address.h>
#endif

#define FIRST_LOOK INT64_C(50000)
#define LAST_LOOK INT64_C(5000000)

static int look_again(const atomic_int *word, int expected, int64_t timeout_nanos) {
    int64_t deadline = jmp__deadline(timeout_nanos);
    int64_t interval = FIRST_LOOK;
    while (atomic_load(word) == expected) {
        int64_t left = timeout_nanos < 0 ? INT64_MAX : jmp__left(deadline);
        int64_t pause = left < interval ? left : interval;
        struct timespec time = {.tv_sec = 0, .tv_nsec = (long)pause};
        if (left == 0) {
            return 1;
        }
        nanosleep(&time, NULL);
        interval = interval * 2 < LAST_LOOK ? interval * 2 : LAST_LOOK;
    }
    return 0;
}

#ifdef JMP_HAVE_OS_SYNC
__attribute__((availability(macos, introduced = 14.4))) static int wait_in_kernel(void *word, int expected, int64_t timeout_nanos) {
    int64_t deadline = jmp__deadline(timeout_nanos);
    for (;;) {
        uint64_t value = (uint32_t)expected;
        int64_t left = timeout_nanos < 0 ? -1 : jmp__left(deadline);
        int result;
        if (left == 0) {
            return atomic_load((const atomic_int *)word) == expected; /* a timeout of 0 is not allowed there */
        }
        result = left < 0 ? os_sync_wait_on_address(word, value, sizeof(int), OS_SYNC_WAIT_ON_ADDRESS_SHARED)
                          : os_sync_wait_on_address_with_timeout(word, value, sizeof(int), OS_SYNC_WAIT_ON_ADDRESS_SHARED,
                                                                 OS_CLOCK_MACH_ABSOLUTE_TIME, (uint64_t)left);
        if (result >= 0) {
            return 0;
        }
        if (errno == ETIMEDOUT) {
            return 1;
        }
        if (errno != EINTR && errno != EFAULT) { /* EFAULT: the page was being brought in */
            return -errno;
        }
    }
}
#endif

int jmp_wait_word(int64_t address, int expected, int64_t timeout_nanos) {
#ifdef JMP_HAVE_OS_SYNC
    if (__builtin_available(macOS 14.4, *)) {
        return wait_in_kernel((void *)(intptr_t)address, expected, timeout_nanos);
    }
#endif
    return look_again((const atomic_int *)(intptr_t)address, expected, timeout_nanos);
}

int jmp_wake_word(int64_t address, int count) {
#ifdef JMP_HAVE_OS_SYNC
    if (__builtin_available(macOS 14.4, *)) {
        void *word = (void *)(intptr_t)address;
        if (count == INT_MAX) {
            os_sync_wake_by_address_all(word, sizeof(int), OS_SYNC_WAKE_BY_ADDRESS_SHARED);
            return 0;
        }
        while (count-- > 0 && os_sync_wake_by_address_any(word, sizeof(int), OS_SYNC_WAKE_BY_ADDRESS_SHARED) == 0) {
        }
        return 0;
    }
#endif
    (void)address;
    (void)count;
    return 0;
}
#endif
