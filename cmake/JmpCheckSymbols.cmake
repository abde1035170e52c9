# A test: the library exports what jmp.h declares and JNI_OnLoad, nothing else; it does not use what would end the process, talk for it or reap
# children that are not its own, and neither does the tracker; child.c uses only what may be called between fork and exec.
# Run with -DNM= -DLIBRARY= -DTRACKER= -DHEADER= -DSOURCES= -DCHILD=.

cmake_minimum_required(VERSION 3.18)

# Allowed between fork and exec: POSIX's list of async-signal-safe functions, and system calls that do nothing but the call.
set(ALLOWED_IN_CHILD
    __error __errno_location __stack_chk_fail __stack_chk_guard _GLOBAL_OFFSET_TABLE_ _exit chdir close dup2 execve fcntl getrlimit getrlimit64
    memcpy memset nice open open64 sched_setaffinity setrlimit setrlimit64 sigaction sigemptyset sigprocmask syscall write)

set(FORBIDDEN
    abort exit quick_exit raise system popen posix_spawn posix_spawnp puts putchar putc fputs fwrite perror printf fprintf dprintf vprintf vfprintf
    sprintf snprintf vsnprintf vsprintf __printf_chk __fprintf_chk __sprintf_chk __snprintf_chk __assert_fail signal wait wait3 wait4 waitid
    strtok gets)

# Names in the output of nm, without version and, on macOS, the leading underscore.
function(symbols result)
    execute_process(COMMAND "${NM}" ${ARGN} OUTPUT_VARIABLE output RESULT_VARIABLE status ERROR_VARIABLE error)
    if(NOT status EQUAL 0)
        message(FATAL_ERROR "nm ${ARGN}: ${error}")
    endif()
    string(REGEX MATCHALL "[^\n ]+\n" names "${output}")
    list(TRANSFORM names REPLACE "\n" "")
    list(TRANSFORM names REPLACE "@.*" "")
    if(CMAKE_HOST_APPLE)
        list(TRANSFORM names REPLACE "^_" "")
    endif()
    list(REMOVE_DUPLICATES names)
    list(SORT names)
    set(${result} "${names}" PARENT_SCOPE)
endfunction()

if(CMAKE_HOST_APPLE)
    set(DYNAMIC -gU)
    set(UNDEFINED -u)
else()
    set(DYNAMIC -D --defined-only)
    set(UNDEFINED -D --undefined-only)
endif()

symbols(exported ${DYNAMIC} "${LIBRARY}")
list(FILTER exported EXCLUDE REGEX "^(_init|_fini|_edata|_end|__bss_start)$")
file(READ "${HEADER}" header)
string(REGEX MATCHALL "JMP_API [a-z0-9_]+ jmp_[a-z0-9_]+" declared "${header}")
list(TRANSFORM declared REPLACE ".* " "")
list(APPEND declared JNI_OnLoad)
list(SORT declared)
set(missing ${declared})
list(REMOVE_ITEM missing ${exported})
set(unknown ${exported})
list(REMOVE_ITEM unknown ${declared})
if(missing OR unknown)
    message(FATAL_ERROR "jmp.h and the library differ: not exported: '${missing}'; not declared: '${unknown}'")
endif()

foreach(binary IN ITEMS "${LIBRARY}" "${TRACKER}")
    symbols(used ${UNDEFINED} "${binary}")
    foreach(name IN LISTS FORBIDDEN)
        if(name IN_LIST used)
            message(FATAL_ERROR "${binary} uses ${name}, which is forbidden: it must not end the process, print, or reap what it did not start")
        endif()
    endforeach()
endforeach()

symbols(in_child -u "${CHILD}")
list(REMOVE_ITEM in_child ${ALLOWED_IN_CHILD})
if(in_child)
    message(FATAL_ERROR "child.c uses '${in_child}', which is not known to be safe between fork and exec")
endif()

set(sources "")
foreach(folder IN LISTS SOURCES)
    file(GLOB found "${folder}/*.c" "${folder}/*.h")
    list(APPEND sources ${found})
endforeach()
foreach(source IN LISTS sources)
    file(READ "${source}" text)
    if(text MATCHES "waitpid\\((-1|0)")
        message(FATAL_ERROR "${source} waits for any child: reap by pid only")
    endif()
    if(text MATCHES "#include <jni\\.h>" AND NOT source MATCHES "/jni_stubs\\.h$")
        message(FATAL_ERROR "${source} includes jni.h: only the JNI side may, by jni_stubs.h")
    endif()
endforeach()

list(LENGTH declared count)
message(STATUS "${count} symbols exported, as declared")
