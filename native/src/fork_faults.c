/* For tests: lets a step of the next fork fail, to prove that the process goes on as if nothing had been tried. */
#include "fork.h"

#include <errno.h>

#ifdef JMP__CAN_FORK

static atomic_int failing_step;
static atomic_int failing_error;

int jmp_fork_fail(int step, int error) {
    if (step < JMP_FORK_NONE || step > JMP_FORK_TWIN || error <= 0) {
        return -EINVAL;
    }
    atomic_store(&failing_error, error);
    atomic_store(&failing_step, step);
    return 0;
}

/* Once: the attempt after that goes its way. In the child it is the parent's order, as of the fork. */
int jmp__fault(int step) {
    int expected = step;
    return atomic_compare_exchange_strong(&failing_step, &expected, JMP_FORK_NONE) ? -atomic_load(&failing_error) : 0;
}

#else

int jmp_fork_fail(int step, int error) {
    (void)step;
    (void)error;
    return -ENOSYS;
}

#endif
