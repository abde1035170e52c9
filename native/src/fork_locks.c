/*
 * Locks that know their owner by its thread id. Threads have other ids in the child: a recursive mutex that was held at the fork can never be
 * released there, nor one whose new owner had read its id before. The dynamic loader's are such, and every thread that is born takes one. So
 * the process is forked at a moment at which no thread has to do with one of the loader's or the C library's, or is just taking any lock. Those of
 * other libraries, recursive ones that another thread holds at the fork, are not found: they stay held in the child.
 */
#include "fork.h"

#ifdef JMP__CAN_FORK

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <pthread.h>

/* pthread_mutex_t and pthread_rwlock_t on x86-64, which are part of glibc's ABI. */
struct mutex {
    int lock;
    unsigned count;
    int owner;
    unsigned users;
    int kind;
};
struct rwlock {
    unsigned readers;
    unsigned writers;
    unsigned phase;
    unsigned writing;
    unsigned unused[2];
    int writer;
};
_Static_assert(sizeof(struct mutex) <= sizeof(pthread_mutex_t) && sizeof(struct rwlock) <= sizeof(pthread_rwlock_t), "they are parts of these");

/* Bits of rwlock::readers: a writer has the lock. Then the words that are waited on are 1, or 3 with somebody who waits. */
#define WRITTEN 3U
#define WAITED_FOR 2U

/* Values of mutex::lock. */
#define LOCKED 1
#define LOCKED_AND_WAITED_FOR 2

static bool contains(struct jmp__range range, uintptr_t address) { return address >= range.from && address < range.to; }

static bool is_within(const struct jmp__range *ranges, int count, uintptr_t address) {
    for (int i = 0; i < count; i++) {
        if (contains(ranges[i], address)) {
            return true;
        }
    }
    return false;
}

struct search {
    struct jmp__layout *layout;
    uintptr_t libc;
    uintptr_t loader;
    int found;
};

/* Takes the variables of the loader and of the C library: the writable segment but for what is constant after relocation. */
static int look_at_object(struct dl_phdr_info *info, size_t size, void *argument) {
    struct search *search = argument;
    bool wanted = false;
    struct jmp__range data = {0, 0};
    uintptr_t constant_to = 0;
    (void)size;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];
        uintptr_t from = info->dlpi_addr + header->p_vaddr;
        struct jmp__range segment = {from, from + header->p_memsz};
        if (header->p_type == PT_LOAD) {
            if (contains(segment, search->layout->lockers[0].from)) {
                search->layout->lock_code = segment;
            }
            wanted |= contains(segment, search->libc) || contains(segment, search->loader);
            data = (header->p_flags & PF_W) != 0 ? segment : data;
        } else if (header->p_type == PT_GNU_RELRO) {
            constant_to = segment.to;
        }
    }
    data.from = constant_to > data.from && constant_to < data.to ? constant_to : data.from;
    if (wanted && data.to != 0 && search->found < JMP__LIBRARIES) {
        search->layout->lock_data[search->found++] = data;
    }
    return 0;
}

/* The code of a function, as the symbol table has it. */
static bool find_code(void *library, const char *name, struct jmp__range *code) {
    void *address = dlsym(library, name);
    Dl_info info;
    void *entry = NULL;
    if (address == NULL || dladdr1(address, &info, &entry, RTLD_DL_SYMENT) == 0 || entry == NULL) {
        return false;
    }
    code->from = (uintptr_t)address;
    code->to = code->from + ((const ElfW(Sym) *)entry)->st_size;
    return code->to > code->from;
}

/* A library that is loaded already; programs may put functions of the same names before its own. */
static void *find_library(const char *name) { return dlopen(name, RTLD_NOLOAD | RTLD_NOW); }

int jmp__find_locks(struct jmp__layout *layout) {
    static const char *const names[JMP__LOCKERS] = {"pthread_mutex_lock", "pthread_mutex_trylock", "pthread_rwlock_wrlock",
                                                    "pthread_rwlock_trywrlock"};
    struct search search = {.layout = layout};
    void *loader = find_library("ld-linux-x86-64.so.2");
    void *libc = find_library("libc.so.6");
    void *threads = find_library("libpthread.so.0"); /* before glibc 2.34 they were apart */
    struct link_map *map = NULL; /* of the loader, which tells its own symbols to nobody */
    bool found = loader != NULL && libc != NULL && dlinfo(loader, RTLD_DI_LINKMAP, &map) == 0;
    for (int i = 0; i < JMP__LOCKERS && found; i++) {
        found = find_code(threads != NULL ? threads : libc, names[i], &layout->lockers[i]);
    }
    if (found) {
        search.loader = (uintptr_t)map->l_ld;
        search.libc = (uintptr_t)dlsym(libc, "gnu_get_libc_version");
        dl_iterate_phdr(look_at_object, &search);
        found = search.found == JMP__LIBRARIES && layout->lock_code.to != 0;
    }
    for (int i = 0; i < 3; i++) {
        void *library = (void *[]){loader, libc, threads}[i];
        if (library != NULL) {
            dlclose(library);
        }
    }
    return found ? 0 : -ENOTSUP;
}

static bool stands(pid_t tid) {
    for (int i = 0; i < jmp__thread_count; i++) {
        if (jmp__threads[i].tid == tid && !jmp__threads[i].gone) {
            return true;
        }
    }
    return false;
}

static bool checks_owner(int kind) { return kind == PTHREAD_MUTEX_RECURSIVE_NP || kind == PTHREAD_MUTEX_ERRORCHECK_NP; }

/* A recursive one counts how often its owner has it. Nobody waits with a condition for one of the C library's, so it has one user. */
static bool is_held(const struct mutex *mutex) {
    return checks_owner(mutex->kind) && (mutex->lock == LOCKED || mutex->lock == LOCKED_AND_WAITED_FOR) && mutex->users == 1
        && (mutex->count > 0) == (mutex->kind == PTHREAD_MUTEX_RECURSIVE_NP);
}

/*
 * Whose lock it is, if it looks like one that is held, and by whom; else 0. What is no lock and looks so costs another attempt, or all of them if it
 * never changes: in small containers threads have small ids, which tables of the C library are full of.
 */
static pid_t owner_at(uintptr_t address) {
    const struct mutex *mutex = (const struct mutex *)address;
    const struct rwlock *rwlock = (const struct rwlock *)address;
    if (is_held(mutex) && stands(mutex->owner)) {
        return mutex->owner;
    }
    return (rwlock->readers & WRITTEN) == WRITTEN && (rwlock->phase | WAITED_FOR) == WRITTEN && (rwlock->writing | WAITED_FOR) == WRITTEN
        && stands(rwlock->writer) ? rwlock->writer : 0;
}

/* The thread waits for such a mutex, or has just been given it: the word that it waits on is the first argument of futex(2). Elsewhere that register
 * may hold what is left of a call that is over. */
static bool is_waiting(const struct jmp__thread *thread) {
    const struct jmp__layout *layout = jmp__layout_used;
    uintptr_t word = thread->first_argument;
    return contains(layout->lock_code, thread->at) && word % _Alignof(struct mutex) == 0 && is_within(layout->lock_data, JMP__LIBRARIES, word)
        && is_within(layout->lock_data, JMP__LIBRARIES, word + sizeof(struct mutex) - 1) && checks_owner(((const struct mutex *)word)->kind);
}

pid_t jmp__find_locker(void) {
    const struct jmp__layout *layout = jmp__layout_used;
    for (int i = 0; i < jmp__thread_count; i++) {
        const struct jmp__thread *thread = &jmp__threads[i];
        if (!thread->gone && (is_within(layout->lockers, JMP__LOCKERS, thread->at) || is_waiting(thread))) {
            return thread->tid;
        }
    }
    for (int i = 0; i < JMP__LIBRARIES; i++) {
        struct jmp__range data = layout->lock_data[i];
        uintptr_t end = data.to - sizeof(struct rwlock);
        for (uintptr_t at = (data.from + sizeof(void *) - 1) & ~(sizeof(void *) - 1); at <= end; at += sizeof(void *)) {
            pid_t owner = owner_at(at);
            if (owner != 0) {
                return owner;
            }
        }
    }
    return 0;
}

#else

/* ISO C forbids an empty file. */
extern int jmp__no_locks;

#endif
