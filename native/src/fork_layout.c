/* Finds what is not in any header: by looking for known values, and in the table that HotSpot has for its debugging agents. */
#include "fork.h"

#ifdef JMP__CAN_FORK

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>

/* pthread::tid is at 720 in every glibc for x86-64 so far; whatever comes, it is not beyond the smallest struct pthread there was. */
#define TID_SEARCHED 2048
#define MOST_CANDIDATES (TID_SEARCHED / (long)sizeof(pid_t))

#ifndef AT_RSEQ_FEATURE_SIZE
#define AT_RSEQ_FEATURE_SIZE 27
#endif
/* The size of struct rseq as first published, which every kernel takes. */
#define RSEQ_ORIGINAL 32

/* arch_prctl(2): asks for the shadow stack's state. */
#define SHADOW_STACK_STATUS 0x5005

struct candidates {
    bool at[MOST_CANDIDATES];
};

/* Which words of the caller's struct pthread hold its thread id. */
static void *find_candidates(void *argument) {
    struct candidates *found = argument;
    const char *self = (const char *)pthread_self();
    pid_t tid = (pid_t)syscall(SYS_gettid);
    for (long i = 0; i < MOST_CANDIDATES; i++) {
        pid_t word;
        memcpy(&word, self + i * (long)sizeof word, sizeof word);
        found->at[i] = word == tid;
    }
    return NULL;
}

/* One thread may hold its id in a second word by chance; two threads do not in the same one. */
static long find_tid(void) {
    struct candidates mine;
    struct candidates others;
    pthread_t helper;
    long found = -1;
    int error;
    find_candidates(&mine);
    error = pthread_create(&helper, NULL, find_candidates, &others);
    if (error != 0) {
        return -error;
    }
    if (pthread_join(helper, NULL) != 0) {
        return -ENOTSUP;
    }
    for (long i = 0; i < MOST_CANDIDATES; i++) {
        if (mine.at[i] && others.at[i]) {
            if (found >= 0) {
                return -ENOTSUP;
            }
            found = i * (long)sizeof(pid_t);
        }
    }
    return found >= 0 ? found : -ENOTSUP;
}

/* glibc registers restartable sequences since 2.35, and says where since then. */
static void find_rseq(struct jmp__layout *layout) {
    const unsigned *size = dlsym(RTLD_DEFAULT, "__rseq_size");
    const ptrdiff_t *offset = dlsym(RTLD_DEFAULT, "__rseq_offset");
    unsigned long features = getauxval(AT_RSEQ_FEATURE_SIZE);
    layout->rseq_length = 0;
    if (size != NULL && offset != NULL && *size != 0) {
        layout->rseq_at = *offset;
        layout->rseq_length = features > RSEQ_ORIGINAL ? (unsigned)features : RSEQ_ORIGINAL;
    }
}

/* A symbol of the JVM that runs here, which nothing unloads. */
static void *vm_symbol(const char *name) {
    void *vm = dlopen("libjvm.so", RTLD_NOLOAD | RTLD_NOW);
    void *symbol = vm != NULL ? dlsym(vm, name) : NULL;
    if (vm != NULL) {
        dlclose(vm);
    }
    return symbol;
}

static bool has_vm(void) {
    void *vm = dlopen("libjvm.so", RTLD_NOLOAD | RTLD_NOW);
    if (vm != NULL) {
        dlclose(vm);
    }
    return vm != NULL;
}

static bool vm_number(const char *name, uint64_t *number) {
    const uint64_t *symbol = vm_symbol(name);
    if (symbol != NULL) {
        *number = *symbol;
    }
    return symbol != NULL;
}

/* Offset of a field in the VM's own table; -1 if it has none of that name. With address not NULL: of a static field, whose address it gets. */
static long vm_field(const char *type, const char *field, void **address) {
    const char *const *table = vm_symbol("gHotSpotVMStructs");
    uint64_t stride;
    uint64_t type_at;
    uint64_t field_at;
    uint64_t offset_at;
    uint64_t address_at;
    if (table == NULL || !vm_number("gHotSpotVMStructEntryArrayStride", &stride) || !vm_number("gHotSpotVMStructEntryTypeNameOffset", &type_at)
        || !vm_number("gHotSpotVMStructEntryFieldNameOffset", &field_at) || !vm_number("gHotSpotVMStructEntryOffsetOffset", &offset_at)
        || !vm_number("gHotSpotVMStructEntryAddressOffset", &address_at)) {
        return -1;
    }
    for (const char *entry = *table;; entry += stride) {
        const char *type_name;
        const char *field_name;
        uint64_t offset;
        memcpy(&type_name, entry + type_at, sizeof type_name);
        memcpy(&field_name, entry + field_at, sizeof field_name);
        if (type_name == NULL || field_name == NULL) {
            return -1;
        }
        if (strcmp(type_name, type) == 0 && strcmp(field_name, field) == 0) {
            if (address != NULL) {
                memcpy(address, entry + address_at, sizeof *address);
                return *address != NULL ? 0 : -1;
            }
            memcpy(&offset, entry + offset_at, sizeof offset);
            return (long)offset;
        }
    }
}

/* The size of a type; 0 if the VM's table has none of that name. */
static uint64_t vm_size(const char *type) {
    const char *const *table = vm_symbol("gHotSpotVMTypes");
    uint64_t stride;
    uint64_t name_at;
    uint64_t size_at;
    if (table == NULL || !vm_number("gHotSpotVMTypeEntryArrayStride", &stride) || !vm_number("gHotSpotVMTypeEntryTypeNameOffset", &name_at)
        || !vm_number("gHotSpotVMTypeEntrySizeOffset", &size_at)) {
        return 0;
    }
    for (const char *entry = *table;; entry += stride) {
        const char *name;
        uint64_t size;
        memcpy(&name, entry + name_at, sizeof name);
        if (name == NULL) {
            return 0;
        }
        if (strcmp(name, type) == 0) {
            memcpy(&size, entry + size_at, sizeof size);
            return size;
        }
    }
}

/* A field has moved from one class to its base and back over the versions. */
static long either_field(const char *type, const char *other, const char *field) {
    long offset = vm_field(type, field, NULL);
    return offset >= 0 ? offset : vm_field(other, field, NULL);
}

static bool find_vm(struct jmp__layout *layout) {
    void *list;
    if (vm_field("ThreadsSMRSupport", "_java_thread_list", &list) < 0) {
        return false;
    }
    layout->java_threads = list;
    layout->list_length_at = vm_field("ThreadsList", "_length", NULL);
    layout->list_threads_at = vm_field("ThreadsList", "_threads", NULL);
    layout->os_thread_at = either_field("JavaThread", "Thread", "_osthread");
    layout->os_tid_at = vm_field("OSThread", "_thread_id", NULL);
    layout->state_at = vm_field("JavaThread", "_thread_state", NULL);
    layout->java_thread_size = vm_size("JavaThread");
    return layout->java_thread_size > 0 && layout->list_length_at >= 0 && layout->list_threads_at >= 0 && layout->os_thread_at >= 0
        && layout->os_tid_at >= 0 && layout->state_at >= 0;
}

/* The twins' stacks are copies, and a shadow stack cannot be copied from user space. */
static bool has_shadow_stack(void) {
    unsigned long features = 0;
    return syscall(SYS_arch_prctl, SHADOW_STACK_STATUS, &features) == 0 && features != 0;
}

int jmp__find_layout(struct jmp__layout *layout) {
    *layout = (struct jmp__layout){.tid_at = find_tid()};
    if (layout->tid_at < 0) {
        return (int)layout->tid_at;
    }
    find_rseq(layout);
    return jmp__find_locks(layout) == 0 && (!has_vm() || find_vm(layout)) && !has_shadow_stack() ? 0 : -ENOTSUP;
}

#else

/* ISO C forbids an empty file. */
extern int jmp__no_layout;

#endif
