# -DJMP_SANITIZE=address (with undefined behaviour) or thread. jmp_sanitizers carries the flags.
#
# child.c may run on the parent's memory with a stack of its own (clone(CLONE_VM)), of which the sanitizers know nothing: it is built without them
# then. The thread sanitizer's interceptors keep state for each thread and cannot stand such a child at all: it turns JMP_FORCE_FORK on.

set(JMP_SANITIZE "" CACHE STRING "address, thread or nothing")

add_library(jmp_sanitizers INTERFACE)
if(JMP_SANITIZE STREQUAL "address")
    set(JMP_SANITIZER_FLAGS -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
elseif(JMP_SANITIZE STREQUAL "thread")
    set(JMP_SANITIZER_FLAGS -fsanitize=thread -fno-omit-frame-pointer)
elseif(JMP_SANITIZE)
    message(FATAL_ERROR "JMP_SANITIZE=${JMP_SANITIZE}: use address, thread or nothing.")
endif()
if(JMP_SANITIZE)
    target_compile_options(jmp_sanitizers INTERFACE ${JMP_SANITIZER_FLAGS} -g)
    target_link_options(jmp_sanitizers INTERFACE ${JMP_SANITIZER_FLAGS})
    if(NOT JMP_FORCE_FORK)
        set_source_files_properties(src/child.c PROPERTIES COMPILE_OPTIONS -fno-sanitize=all)
    endif()
endif()
