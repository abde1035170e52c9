/*
 * What a fork carries over of this process's memory. The kernel leaves out the page tables of a mapped file that nobody has written to, as they can
 * be filled in again; a child then takes a fault for each sixteen pages of the VM and of its class archive, two hundred in all, which costs it more
 * than all that copying them would. It does copy those of a private mapping with a page of its own.
 */
#include "fork.h"

#ifdef JMP__CAN_FORK

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What every child runs, or reads while it runs. */
static const char *const files[] = {"/libjvm.so", "/libc.so.6", ".jsa"};

static bool is_wanted(const char *path) {
    size_t length = strcspn(path, "\n");
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        size_t end = strlen(files[i]);
        if (length >= end && strncmp(path + length - end, files[i], end) == 0) {
            return true;
        }
    }
    return false;
}

/* Writes what is there: this way it may, although the mapping is not writable. */
static void own_page(int memory, unsigned long address) {
    char byte;
    if (pread(memory, &byte, 1, (off_t)address) == 1) {
        /* Where that is forbidden, children are slower. */
        ssize_t written = pwrite(memory, &byte, 1, (off_t)address);
        (void)written;
    }
}

void jmp__carry_page_tables(void) {
    char line[4096];
    FILE *maps = fopen("/proc/self/maps", "re");
    int memory = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
    while (maps != NULL && memory >= 0 && fgets(line, sizeof line, maps) != NULL) {
        unsigned long from;
        char access[5];
        int path = 0;
        if (sscanf(line, "%lx-%*x %4s %*x %*s %*u %n", &from, access, &path) == 2 && path > 0 && access[1] == '-' && access[3] == 'p'
            && is_wanted(line + path)) {
            own_page(memory, from);
        }
    }
    if (memory >= 0) {
        close(memory);
    }
    if (maps != NULL) {
        fclose(maps);
    }
}

#else

/* ISO C forbids an empty file. */
extern int jmp__no_maps;

#endif
