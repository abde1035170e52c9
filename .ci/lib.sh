# Sourced by run and nightly: tools, and one function for each kind of test. Each test is bounded in time.

FULL_SUITE_SECONDS=1500
OTHER_SECONDS=600

say() {
    printf '\n== %s\n' "$*"
}

# Names what is missing of the tools, and installs it where there is apt-get.
install_tools() {
    local packages=()
    command -v cmake >/dev/null || packages+=(cmake)
    command -v gcc >/dev/null && command -v make >/dev/null || packages+=(build-essential)
    command -v clang >/dev/null || packages+=(clang)
    command -v mvn >/dev/null || packages+=(maven)
    command -v python3 >/dev/null || packages+=(python3)
    command -v spin >/dev/null || packages+=(spin)
    [ -n "$(find_jdk 17)" ] || packages+=(openjdk-17-jdk-headless)
    install_packages "${packages[@]}"
    # The sanitizers' runtime is a package of its own, named after clang's version.
    if ! clang_links address || ! clang_links thread; then
        install_packages "libclang-rt-$(clang -dumpversion | cut -d. -f1)-dev"
    fi
}

clang_links() {
    echo 'int main(void) { return 0; }' | clang -x c "-fsanitize=$1" -o /dev/null - 2>/dev/null
}

install_packages() {
    [ $# -gt 0 ] || return 0
    if ! command -v apt-get >/dev/null; then
        echo "missing, and there is no apt-get to install them: $*" >&2
        return 1
    fi
    say "Installing $*"
    local root=()
    [ "$(id -u)" = 0 ] || root=(sudo)
    "${root[@]}" apt-get update -q
    DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -q -y --no-install-recommends "$@"
}

# Prints "VERSION HOME" for each JDK: JAVA_HOME, JAVA17_HOME, JAVA25_HOME and so on, the javac on the PATH, /usr/lib/jvm.
list_jdks() {
    local home version
    {
        printenv | sed -n 's/^JAVA[0-9]*_HOME=//p'
        if command -v javac >/dev/null; then dirname "$(dirname "$(readlink -f "$(command -v javac)")")"; fi
        printf '%s\n' /usr/lib/jvm/*
    } | while read -r home; do
        if [ -x "$home/bin/javac" ] && [ -f "$home/release" ]; then
            version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release")
            if [ "$version" -ge 17 ]; then echo "$version $(readlink -f "$home")"; fi
        fi
    done | sort -n -u
}

# The home of a JDK of that version, or nothing.
find_jdk() {
    list_jdks | awk -v version="$1" '$1 == version && !found++ { print $2 }'
}

# native_tests gcc|clang plain|address|thread: builds with warnings as errors, and runs the C tests.
native_tests() {
    local compiler=$1 sanitizer=$2 build=target/native-$1-$2 runner=()
    [ "$sanitizer" != plain ] || sanitizer=
    # The thread sanitizer of older compilers cannot place its memory where the kernel randomizes addresses widely.
    if [ "$sanitizer" = thread ] && setarch -R true 2>/dev/null; then runner=(setarch -R); fi
    cmake -S native -B "$build" -DCMAKE_BUILD_TYPE=RelWithDebInfo "-DCMAKE_C_COMPILER=$compiler" "-DJMP_SANITIZE=$sanitizer" >"$build.log" 2>&1 \
        && cmake --build "$build" --parallel 2 >>"$build.log" 2>&1 || { cat "$build.log"; return 1; }
    (cd "$build" && timeout -k 30 "$OTHER_SECONDS" "${runner[@]}" ctest --output-on-failure --no-tests=error --timeout 120)
}

# Makes the jars that java_tests runs on.
build() {
    timeout -k 30 "$OTHER_SECONDS" mvn -B -ntp "$@" package
}

# java_tests SECONDS -Dproperty...: the tests on the jar that was built, without building again.
java_tests() {
    local seconds=$1
    shift
    timeout -k 30 "$((seconds + 120))" mvn -B -ntp surefire:test@default-test "-Djmp.timeout=$seconds" -DfailIfNoTests=true "$@"
}
