# jmp_warnings: everything that gcc and clang agree on, as errors. Not for users of the library with other compilers: -DJMP_WERROR=OFF.

option(JMP_WERROR "treat warnings as errors" ON)

add_library(jmp_warnings INTERFACE)
target_compile_options(jmp_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wcast-qual -Wcast-align -Wwrite-strings -Wundef -Wvla
    "$<$<BOOL:${JMP_WERROR}>:-Werror>")
