# Asks what the system's C library has, writes jmp_config.h and sets JMP_SYSTEM_LIBRARIES. System call numbers (SYS_...) are asked for in the code.

include(CheckLibraryExists)
include(CheckSymbolExists)

option(JMP_PLAIN_POSIX "leave out what only some systems have, so that its alternatives can be tested" OFF)

set(CMAKE_REQUIRED_DEFINITIONS -D_GNU_SOURCE)

# Every system has these or its own (kqueue, unistd.h): no alternative that could be tested here.
check_symbol_exists(epoll_create1 "sys/epoll.h" JMP_HAVE_EPOLL)
check_symbol_exists(getentropy "sys/random.h" JMP_HAVE_GETENTROPY_IN_RANDOM_H)

if(NOT JMP_PLAIN_POSIX)
    check_symbol_exists(accept4 "sys/socket.h" JMP_HAVE_ACCEPT4)
    check_symbol_exists(eventfd "sys/eventfd.h" JMP_HAVE_EVENTFD)
    check_symbol_exists(FUTEX_WAIT "linux/futex.h" JMP_HAVE_FUTEX)
    check_symbol_exists(memfd_create "sys/mman.h" JMP_HAVE_MEMFD_CREATE)
    check_symbol_exists(os_sync_wait_on_address "os/os_sync_wait_on_address.h" JMP_HAVE_OS_SYNC)
    check_symbol_exists(pipe2 "unistd.h" JMP_HAVE_PIPE2)
    check_symbol_exists(posix_fallocate "fcntl.h" JMP_HAVE_POSIX_FALLOCATE)
    check_symbol_exists(ppoll "poll.h" JMP_HAVE_PPOLL)
    check_symbol_exists(sched_setaffinity "sched.h" JMP_HAVE_SCHED_SETAFFINITY)
    check_symbol_exists(SOCK_CLOEXEC "sys/socket.h" JMP_HAVE_SOCK_CLOEXEC)
    if(NOT JMP_FORCE_FORK)
        check_symbol_exists(CLONE_PIDFD "sched.h" JMP_HAVE_CLONE)
    endif()
endif()

# In libc itself, except in a glibc before 2.34.
set(JMP_SYSTEM_LIBRARIES "")
check_symbol_exists(shm_open "sys/mman.h" JMP_SHM_OPEN_IN_LIBC)
if(NOT JMP_SHM_OPEN_IN_LIBC)
    check_library_exists(rt shm_open "" JMP_SHM_OPEN_IN_LIBRT)
    if(JMP_SHM_OPEN_IN_LIBRT)
        list(APPEND JMP_SYSTEM_LIBRARIES rt)
    endif()
endif()
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
list(APPEND JMP_SYSTEM_LIBRARIES Threads::Threads)

if(JMP_FORCE_FORK)
    set(JMP_HAVE_CLONE OFF) # whatever an earlier run found
endif()
configure_file("${CMAKE_CURRENT_LIST_DIR}/jmp_config.h.in" "${PROJECT_BINARY_DIR}/jmp_config.h")
unset(CMAKE_REQUIRED_DEFINITIONS)
