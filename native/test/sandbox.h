/* A sandbox that answers system calls with errors. Linux only. */
#ifndef JMP_TEST_SANDBOX_H
#define JMP_TEST_SANDBOX_H

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/syscall.h>

/* A filter begins with this one and ends with ALLOW. */
#define LOAD_NUMBER BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr))
/* The low half of an argument, on the little-endian machines that we have. */
#define LOAD_ARGUMENT(index) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args) + 8 * (index))
#define REFUSE(number, error) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (error))
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

#define FILTER(code) (code), sizeof(code) / sizeof *(code)

/* For this process and all that it starts, until they end. */
void refuse(const struct sock_filter *code, size_t length);

/* Runs a test in a process of its own under a filter. */
void run_refusing(const struct sock_filter *code, size_t length, void (*test)(void));

#endif
