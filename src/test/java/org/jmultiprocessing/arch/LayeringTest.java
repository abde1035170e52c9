package org.jmultiprocessing.arch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.jmultiprocessing.errors.ExitStatus;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may use whom. The table is the house's plan; what it does not allow is forbidden. */
class LayeringTest {
    private static final String BASE = "org.jmultiprocessing";
    private static final Set<String> FOR_ALL = Set.of("errors", "task", "spi");
    private static final Set<String> FEATURES = Set.of("process", "pipe", "sync", "sharedmemory", "queue", "pool", "manager");
    private static final Set<String> BELOW_FEATURES = Set.of("internal.wire", "internal.arena", "internal.registry", "internal.os");

    /** A room is a package and those below it; the empty name is the base package alone. Each may also use {@link #FOR_ALL} and itself. */
    private static final Map<String, Set<String>> ALLOWED = Map.ofEntries(
            entry("errors", Set.of()),
            entry("task", Set.of()),
            entry("spi", Set.of()),
            entry("cli", union(FEATURES, Set.of("", "internal.registry"))),
            entry("", FEATURES),
            entry("manager", union(BELOW_FEATURES, Set.of("process", "pipe", "sync", "sharedmemory", "queue", "pool"))),
            entry("pool", union(BELOW_FEATURES, Set.of("process", "pipe", "sync", "sharedmemory", "queue"))),
            entry("queue", union(BELOW_FEATURES, Set.of("pipe", "sync", "sharedmemory"))),
            entry("sharedmemory", union(BELOW_FEATURES, Set.of("sync"))),
            entry("sync", BELOW_FEATURES),
            entry("pipe", BELOW_FEATURES),
            entry("process", union(BELOW_FEATURES, Set.of("internal.launch"))),
            entry("internal.launch", Set.of("internal.wire", "internal.registry", "internal.os")),
            entry("internal.wire", Set.of("internal.registry", "internal.os")),
            entry("internal.arena", Set.of("internal.registry", "internal.os")),
            entry("internal.registry", Set.of("internal.os")),
            entry("internal.os", Set.of("internal.ffi")),
            entry("internal.ffi", Set.of()));

    private static JavaClasses classes;

    @BeforeAll
    static void readClasses() throws URISyntaxException, IOException {
        Path place = Path.of(ExitStatus.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        if (Files.isDirectory(place)) {
            classes = new ClassFileImporter().importPath(place);
        } else {
            try (JarFile jar = new JarFile(place.toFile())) {
                classes = new ClassFileImporter().importJar(jar);
            }
        }
        Set<String> rooms = classes.stream().map(type -> room(type.getPackageName())).collect(Collectors.toSet());
        assertTrue(rooms.containsAll(Set.of("", "errors", "process", "pipe", "internal.os", "internal.ffi")), () -> "found only " + rooms);
    }

    @Test
    void everyUseIsAllowed() {
        Set<String> forbidden = new TreeSet<>();
        for (JavaClass type : classes) {
            String from = room(type.getPackageName());
            for (Dependency use : type.getDirectDependenciesFromSelf()) {
                JavaClass target = use.getTargetClass().getBaseComponentType();
                if (isOurs(target) && !mayUse(from, room(target.getPackageName()))) {
                    forbidden.add(type.getFullName() + " uses " + target.getFullName());
                }
            }
        }
        assertEquals(List.of(), new ArrayList<>(forbidden));
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching(BASE + ".(**)").should().beFreeOfCycles().check(classes);
    }

    @Test
    void whatAllMayUseNeedsOnlyJava() {
        noClasses().that().resideInAnyPackage(BASE + ".errors..", BASE + ".task..", BASE + ".spi..").should().dependOnClassesThat()
                .resideOutsideOfPackages("java..", BASE + ".errors..", BASE + ".task..", BASE + ".spi..").check(classes);
    }

    @Test
    void onlyFfiKnowsJna() {
        noClasses().that().resideOutsideOfPackage(BASE + ".internal.ffi").should().dependOnClassesThat().resideInAPackage("com.sun.jna..")
                .check(classes);
        methods().that().arePublic().and().areDeclaredInClassesThat().resideInAPackage(BASE + ".internal.ffi")
                .and().areDeclaredInClassesThat().arePublic().should(showNoTypeOf("com.sun.jna")).check(classes);
    }

    @Test
    void onlyWordsUsesUnsafe() {
        noClasses().that().doNotHaveFullyQualifiedName(BASE + ".internal.os.Words").should().dependOnClassesThat()
                .haveFullyQualifiedName("sun.misc.Unsafe").check(classes);
    }

    @Test
    void onlyTheLauncherAndTheProgramEndTheProcess() {
        noClasses().that().resideOutsideOfPackages(BASE + ".internal.launch", BASE + ".cli..")
                .should().callMethod(System.class, "exit", int.class)
                .orShould().callMethod(Runtime.class, "exit", int.class)
                .orShould().callMethod(Runtime.class, "halt", int.class).check(classes);
    }

    @Test
    void nothingSleepsOrPolls() {
        // The demo's processes sleep because their Python twins do.
        noClasses().that().resideOutsideOfPackage(BASE + ".cli.demo").should().callMethod(Thread.class, "sleep", long.class)
                .orShould().callMethod(Thread.class, "sleep", long.class, int.class)
                .orShould().callMethod(TimeUnit.class, "sleep", long.class).check(classes);
    }

    @Test
    void nothingIsFinalized() {
        noMethods().should().haveName("finalize").check(classes);
    }

    private static boolean mayUse(String from, String to) {
        return from.equals(to) || ALLOWED.get(from).contains(to) || FOR_ALL.contains(to);
    }

    private static boolean isOurs(JavaClass type) {
        return type.getPackageName().equals(BASE) || type.getPackageName().startsWith(BASE + ".");
    }

    /** The room that a package belongs to, which the table must know. */
    private static String room(String packageName) {
        String name = packageName.equals(BASE) ? "" : packageName.substring(BASE.length() + 1);
        String room = name;
        while (!ALLOWED.containsKey(room)) {
            int dot = room.lastIndexOf('.');
            assertTrue(dot > 0, () -> packageName + " is in no room of the table");
            room = room.substring(0, dot);
        }
        return room;
    }

    private static ArchCondition<JavaMethod> showNoTypeOf(String foreign) {
        return new ArchCondition<>("show no type of " + foreign) {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                List<JavaClass> shown = new ArrayList<>(method.getRawParameterTypes());
                shown.add(method.getRawReturnType());
                shown.addAll(method.getExceptionTypes());
                for (JavaClass type : shown) {
                    boolean fine = !type.getBaseComponentType().getPackageName().startsWith(foreign);
                    events.add(new SimpleConditionEvent(method, fine, method.getFullName() + " shows " + type.getFullName()));
                }
            }
        };
    }

    private static Set<String> union(Set<String> some, Set<String> more) {
        Set<String> both = new TreeSet<>(some);
        both.addAll(more);
        return both;
    }
}
