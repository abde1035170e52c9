/* strerror_r as POSIX has it, not the GNU function of the same name; the rest as everywhere else. */
#undef _GNU_SOURCE
#define _POSIX_C_SOURCE 200809L
#define _DEFAULT_SOURCE
#define _DARWIN_C_SOURCE

#include "internal.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

struct name {
    int number;
    const char *text;
};

#define NAME(number) \
    { number, #number }

/* The first name of a number counts: ENOTSUP rather than EOPNOTSUPP where they are one. */
static const struct name errnos[] = {
    /* clang-format off */
    NAME(EPERM), NAME(ENOENT), NAME(ESRCH), NAME(EINTR), NAME(EIO), NAME(ENXIO), NAME(E2BIG), NAME(ENOEXEC),
    NAME(EBADF), NAME(ECHILD), NAME(EAGAIN), NAME(ENOMEM), NAME(EACCES), NAME(EFAULT), NAME(EBUSY), NAME(EEXIST),
    NAME(EXDEV), NAME(ENODEV), NAME(ENOTDIR), NAME(EISDIR), NAME(EINVAL), NAME(ENFILE), NAME(EMFILE), NAME(ENOTTY),
    NAME(ETXTBSY), NAME(EFBIG), NAME(ENOSPC), NAME(ESPIPE), NAME(EROFS), NAME(EMLINK), NAME(EPIPE), NAME(EDOM),
    NAME(ERANGE), NAME(EDEADLK), NAME(ENAMETOOLONG), NAME(ENOLCK), NAME(ENOSYS), NAME(ENOTEMPTY), NAME(ELOOP),
    NAME(ENOMSG), NAME(EIDRM), NAME(ENOLINK), NAME(EPROTO), NAME(EMULTIHOP), NAME(EBADMSG), NAME(EOVERFLOW),
    NAME(EILSEQ), NAME(ENOTSOCK), NAME(EDESTADDRREQ), NAME(EMSGSIZE), NAME(EPROTOTYPE), NAME(ENOPROTOOPT),
    NAME(EPROTONOSUPPORT), NAME(ENOTSUP), NAME(EOPNOTSUPP), NAME(EAFNOSUPPORT), NAME(EADDRINUSE), NAME(EADDRNOTAVAIL),
    NAME(ENETDOWN), NAME(ENETUNREACH), NAME(ENETRESET), NAME(ECONNABORTED), NAME(ECONNRESET), NAME(ENOBUFS),
    NAME(EISCONN), NAME(ENOTCONN), NAME(ETIMEDOUT), NAME(ECONNREFUSED), NAME(EHOSTUNREACH), NAME(EALREADY),
    NAME(EINPROGRESS), NAME(ESTALE), NAME(EDQUOT), NAME(ECANCELED), NAME(EOWNERDEAD), NAME(ENOTRECOVERABLE),
#ifdef ENOTBLK
    NAME(ENOTBLK),
#endif
#ifdef ECHRNG
    NAME(ECHRNG),
#endif
#ifdef EL2NSYNC
    NAME(EL2NSYNC),
#endif
#ifdef EL3HLT
    NAME(EL3HLT),
#endif
#ifdef EL3RST
    NAME(EL3RST),
#endif
#ifdef ELNRNG
    NAME(ELNRNG),
#endif
#ifdef EUNATCH
    NAME(EUNATCH),
#endif
#ifdef ENOCSI
    NAME(ENOCSI),
#endif
#ifdef EL2HLT
    NAME(EL2HLT),
#endif
#ifdef EBADE
    NAME(EBADE),
#endif
#ifdef EBADR
    NAME(EBADR),
#endif
#ifdef EXFULL
    NAME(EXFULL),
#endif
#ifdef ENOANO
    NAME(ENOANO),
#endif
#ifdef EBADRQC
    NAME(EBADRQC),
#endif
#ifdef EBADSLT
    NAME(EBADSLT),
#endif
#ifdef EBFONT
    NAME(EBFONT),
#endif
#ifdef ENOSTR
    NAME(ENOSTR),
#endif
#ifdef ENODATA
    NAME(ENODATA),
#endif
#ifdef ETIME
    NAME(ETIME),
#endif
#ifdef ENOSR
    NAME(ENOSR),
#endif
#ifdef ENONET
    NAME(ENONET),
#endif
#ifdef ENOPKG
    NAME(ENOPKG),
#endif
#ifdef EREMOTE
    NAME(EREMOTE),
#endif
#ifdef EADV
    NAME(EADV),
#endif
#ifdef ESRMNT
    NAME(ESRMNT),
#endif
#ifdef ECOMM
    NAME(ECOMM),
#endif
#ifdef EDOTDOT
    NAME(EDOTDOT),
#endif
#ifdef ENOTUNIQ
    NAME(ENOTUNIQ),
#endif
#ifdef EBADFD
    NAME(EBADFD),
#endif
#ifdef EREMCHG
    NAME(EREMCHG),
#endif
#ifdef ELIBACC
    NAME(ELIBACC),
#endif
#ifdef ELIBBAD
    NAME(ELIBBAD),
#endif
#ifdef ELIBSCN
    NAME(ELIBSCN),
#endif
#ifdef ELIBMAX
    NAME(ELIBMAX),
#endif
#ifdef ELIBEXEC
    NAME(ELIBEXEC),
#endif
#ifdef ERESTART
    NAME(ERESTART),
#endif
#ifdef ESTRPIPE
    NAME(ESTRPIPE),
#endif
#ifdef EUSERS
    NAME(EUSERS),
#endif
#ifdef ESOCKTNOSUPPORT
    NAME(ESOCKTNOSUPPORT),
#endif
#ifdef EPFNOSUPPORT
    NAME(EPFNOSUPPORT),
#endif
#ifdef ESHUTDOWN
    NAME(ESHUTDOWN),
#endif
#ifdef ETOOMANYREFS
    NAME(ETOOMANYREFS),
#endif
#ifdef EHOSTDOWN
    NAME(EHOSTDOWN),
#endif
#ifdef EUCLEAN
    NAME(EUCLEAN),
#endif
#ifdef ENOTNAM
    NAME(ENOTNAM),
#endif
#ifdef ENAVAIL
    NAME(ENAVAIL),
#endif
#ifdef EISNAM
    NAME(EISNAM),
#endif
#ifdef EREMOTEIO
    NAME(EREMOTEIO),
#endif
#ifdef ENOMEDIUM
    NAME(ENOMEDIUM),
#endif
#ifdef EMEDIUMTYPE
    NAME(EMEDIUMTYPE),
#endif
#ifdef ENOKEY
    NAME(ENOKEY),
#endif
#ifdef EKEYEXPIRED
    NAME(EKEYEXPIRED),
#endif
#ifdef EKEYREVOKED
    NAME(EKEYREVOKED),
#endif
#ifdef EKEYREJECTED
    NAME(EKEYREJECTED),
#endif
#ifdef ERFKILL
    NAME(ERFKILL),
#endif
#ifdef EHWPOISON
    NAME(EHWPOISON),
#endif
#ifdef EPROCLIM
    NAME(EPROCLIM),
#endif
#ifdef EBADRPC
    NAME(EBADRPC),
#endif
#ifdef ERPCMISMATCH
    NAME(ERPCMISMATCH),
#endif
#ifdef EPROGUNAVAIL
    NAME(EPROGUNAVAIL),
#endif
#ifdef EPROGMISMATCH
    NAME(EPROGMISMATCH),
#endif
#ifdef EPROCUNAVAIL
    NAME(EPROCUNAVAIL),
#endif
#ifdef EFTYPE
    NAME(EFTYPE),
#endif
#ifdef EAUTH
    NAME(EAUTH),
#endif
#ifdef ENEEDAUTH
    NAME(ENEEDAUTH),
#endif
#ifdef EPWROFF
    NAME(EPWROFF),
#endif
#ifdef EDEVERR
    NAME(EDEVERR),
#endif
#ifdef EBADEXEC
    NAME(EBADEXEC),
#endif
#ifdef EBADARCH
    NAME(EBADARCH),
#endif
#ifdef ESHLIBVERS
    NAME(ESHLIBVERS),
#endif
#ifdef EBADMACHO
    NAME(EBADMACHO),
#endif
#ifdef ENOATTR
    NAME(ENOATTR),
#endif
#ifdef ENOPOLICY
    NAME(ENOPOLICY),
#endif
#ifdef EQFULL
    NAME(EQFULL),
#endif
    /* clang-format on */
};

static const struct name signals[] = {
    /* clang-format off */
    NAME(SIGHUP), NAME(SIGINT), NAME(SIGQUIT), NAME(SIGILL), NAME(SIGTRAP), NAME(SIGABRT), NAME(SIGBUS), NAME(SIGFPE),
    NAME(SIGKILL), NAME(SIGUSR1), NAME(SIGSEGV), NAME(SIGUSR2), NAME(SIGPIPE), NAME(SIGALRM), NAME(SIGTERM),
    NAME(SIGCHLD), NAME(SIGCONT), NAME(SIGSTOP), NAME(SIGTSTP), NAME(SIGTTIN), NAME(SIGTTOU), NAME(SIGURG),
    NAME(SIGXCPU), NAME(SIGXFSZ), NAME(SIGVTALRM), NAME(SIGPROF), NAME(SIGWINCH), NAME(SIGIO), NAME(SIGSYS),
#ifdef SIGSTKFLT
    NAME(SIGSTKFLT),
#endif
#ifdef SIGPWR
    NAME(SIGPWR),
#endif
#ifdef SIGEMT
    NAME(SIGEMT),
#endif
#ifdef SIGINFO
    NAME(SIGINFO),
#endif
    /* clang-format on */
};

size_t jmp__decimal(unsigned number, char *room) {
    char digits[11];
    size_t count = 0;
    do {
        digits[count++] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    for (size_t i = 0; i < count; i++) {
        room[i] = digits[count - 1 - i];
    }
    room[count] = '\0';
    return count;
}

static void copy(char *buffer, size_t size, const char *text) {
    if (size > 0) {
        size_t length = strlen(text) < size ? strlen(text) : size - 1;
        memcpy(buffer, text, length);
        buffer[length] = '\0';
    }
}

/* The name in a table, else the prefix and the number. */
static void name_of(const struct name *names, size_t count, const char *prefix, int number, char *buffer, size_t size) {
    char made[32];
    for (size_t i = 0; i < count; i++) {
        if (names[i].number == number) {
            copy(buffer, size, names[i].text);
            return;
        }
    }
    strcpy(made, prefix);
    if (number < 0) {
        strcat(made, "-");
    }
    jmp__decimal(number < 0 ? 0U - (unsigned)number : (unsigned)number, made + strlen(made));
    copy(buffer, size, made);
}

int jmp_errno_name(int number, char *buffer, size_t size) {
    name_of(errnos, sizeof errnos / sizeof errnos[0], "E", number, buffer, size);
    return 0;
}

int jmp_signal_name(int number, char *buffer, size_t size) {
    name_of(signals, sizeof signals / sizeof signals[0], "SIG", number, buffer, size);
    return 0;
}

int jmp_errno_text(int number, char *buffer, size_t size) {
    char text[256] = "";
    if (strerror_r(number, text, sizeof text) != 0 && text[0] == '\0') {
        strcpy(text, "Unknown error");
    }
    /* Translations come in the encoding of the locale, which nobody here can know. */
    for (char *at = text; *at != '\0'; at++) {
        if ((unsigned char)*at >= 0x80) {
            *at = '?';
        }
    }
    copy(buffer, size, text);
    return 0;
}

int jmp__signal_number(const char *name) {
    static const int allowed[] = {SIGTERM, SIGKILL, SIGINT, SIGSTOP, SIGCONT, SIGHUP, SIGUSR1, SIGUSR2, SIGQUIT, SIGSEGV, SIGABRT};
    for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++) {
        char full[16];
        jmp_signal_name(allowed[i], full, sizeof full);
        if (strcmp(full + strlen("SIG"), name) == 0) {
            return allowed[i];
        }
    }
    return -EINVAL;
}
