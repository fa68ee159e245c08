package dev.gavel;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Holds the package table of the README: each package uses only what is listed for it, so there is no cycle. */
class LayersTest {
    private static final String ROOT = "dev.gavel.";
    private static final Set<String> PLANNED = Set.of("firewall", "app");

    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("web", Set.of("metrics")),
            Map.entry("metrics", Set.of("pipeline", "engine", "nfqueue", "reject", "events", "policy", "counters")),
            Map.entry("events", Set.of("queue", "packet", "counters")),
            Map.entry("firewall", Set.of("config")),
            Map.entry("imports", Set.of()),
            Map.entry("pipeline", Set.of("engine", "flow", "packet", "queue", "counters")),
            Map.entry("engine", Set.of("policy", "match", "app", "flow", "packet", "queue", "counters")),
            Map.entry("policy", Set.of("match", "queue", "config", "counters")),
            Map.entry("app", Set.of("packet", "counters")),
            Map.entry("flow", Set.of("packet", "counters")),
            Map.entry("nfqueue", Set.of("queue", "netlink", "sys", "counters")),
            Map.entry("reject", Set.of("queue", "packet", "sys", "counters")),
            Map.entry("capture", Set.of("queue", "packet")),
            Map.entry("queue", Set.of()),
            Map.entry("packet", Set.of()),
            Map.entry("match", Set.of("sys")),
            Map.entry("netlink", Set.of()),
            Map.entry("sys", Set.of()),
            Map.entry("config", Set.of()),
            Map.entry("counters", Set.of()));

    private final JavaClasses production = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.gavel");

    private Map<String, Set<String>> table() {
        Map<String, Set<String>> table = new TreeMap<>(MAY_USE);
        Set<String> belowDaemon = new TreeSet<>(MAY_USE.keySet());
        table.put("daemon", belowDaemon);
        Set<String> belowCli = new TreeSet<>(belowDaemon);
        belowCli.add("daemon");
        table.put("cli", belowCli);
        return table;
    }

    @Test
    void everyPackageUsesOnlyWhatStandsBelowIt() {
        Map<String, Set<String>> table = table();
        table.forEach((name, below) -> {
            List<String> forbidden = new ArrayList<>();
            for (String other : table.keySet()) {
                if (!other.equals(name) && !below.contains(other)) {
                    forbidden.add(ROOT + other + "..");
                }
            }
            noClasses()
                    .that()
                    .resideInAPackage(ROOT + name + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(forbidden.toArray(String[]::new))
                    .allowEmptyShould(PLANNED.contains(name))
                    .check(production);
        });
    }

    @Test
    void everyPackageStandsInTheTable() {
        Set<String> packages = new TreeSet<>();
        production.forEach(type -> packages.add(type.getPackageName()));
        assertThat(packages).allSatisfy(name -> assertThat(table()).containsKey(name.substring(ROOT.length())));
    }

    @Test
    void onlySysReachesNativeCode() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "sys")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("jnr..", "com.kenai..", "sun.misc..")
                .check(production);
    }

    @Test
    void onlyMetricsKnowsMicrometer() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "metrics")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.micrometer..", "io.prometheus..")
                .check(production);
    }

    @Test
    void yamlIsReadAsEventsOnly() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching("org\\.snakeyaml\\.engine\\.v2\\.api\\.(Load|Dump|lowlevel\\.Compose)")
                .because("Compose overflows the stack on deep nesting and takes duplicate keys")
                .check(production);
    }

    @Test
    void thePacketPathDoesNotLog() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        ROOT + "netlink",
                        ROOT + "queue",
                        ROOT + "packet",
                        ROOT + "match",
                        ROOT + "policy",
                        ROOT + "engine")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(System.Logger.class)
                .check(production);
    }

    @Test
    void recordsAndEnumsAside_classesAreFinalOrSealedOrAbstract() {
        classes()
                .that()
                .areNotInterfaces()
                .and()
                .areNotAnonymousClasses()
                .and()
                .doNotHaveFullyQualifiedName("dev.gavel.engine.Inspector") // tests make one that fails
                .and()
                .areNotEnums()
                .should()
                .haveModifier(com.tngtech.archunit.core.domain.JavaModifier.FINAL)
                .orShould()
                .haveModifier(com.tngtech.archunit.core.domain.JavaModifier.ABSTRACT)
                .check(production);
    }
}
