package dev.gavel;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.gavel.cli.Gavel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Holds the package table of docs/architecture.md: each package uses only what stands below it and is listed for it, so
 * there is no cycle, and what is inside a room is used in that room only.
 */
class LayersTest {
    private static final String ROOT = "dev.gavel.";
    private static final Pattern ROW = Pattern.compile("\\| `([a-z.]+)` \\| (.*) \\| (.*) \\|");
    private static final Pattern NAME = Pattern.compile("`([a-z.]+)`");

    /** Where production is compiled to, by whatever profile. */
    private final JavaClasses production = new ClassFileImporter()
            .importUrl(Gavel.class.getProtectionDomain().getCodeSource().getLocation());

    private final List<Row> table = table();

    /** {@code listed} in the column of uses; {@code everything}: all rows below. */
    private record Row(String name, boolean isInside, boolean everything, Set<String> listed) {
        /** The room that an inside one belongs to. */
        String parent() {
            return name.substring(0, name.lastIndexOf('.'));
        }

        boolean isOpenTo(String user) {
            return !isInside || user.equals(parent()) || user.startsWith(parent() + ".");
        }
    }

    private static List<Row> table() {
        List<Row> rows = new ArrayList<>();
        try (Stream<String> lines = Files.lines(Path.of("docs/architecture.md"))) {
            lines.map(ROW::matcher).filter(Matcher::matches).forEach(row -> {
                Set<String> listed = NAME.matcher(row.group(3))
                        .results()
                        .map(name -> name.group(1))
                        .collect(Collectors.toSet());
                rows.add(new Row(
                        row.group(1),
                        row.group(2).startsWith("*inside*"),
                        row.group(3).equals("all below"),
                        listed));
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows;
    }

    private static List<String> names(List<Row> rows) {
        return rows.stream().map(Row::name).toList();
    }

    @Test
    void everyPackageUsesOnlyWhatStandsBelowIt() {
        for (Row user : table) {
            List<String> forbidden = table.stream()
                    .filter(used -> !used.equals(user))
                    .filter(used -> user.everything ? !used.isOpenTo(user.name) : !user.listed.contains(used.name))
                    .map(used -> ROOT + used.name)
                    .toList();
            noClasses()
                    .that()
                    .resideInAPackage(ROOT + user.name)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(forbidden.toArray(String[]::new))
                    .check(production);
        }
    }

    /** With the test above: no two packages use each other, by however long a way. */
    @Test
    void theTableListsOnlyWhatStandsBelowAndIsOpen() {
        for (int i = 0; i < table.size(); i++) {
            Row user = table.get(i);
            List<Row> below = table.subList(i + 1, table.size());
            assertThat(names(below)).as(user.name).containsAll(user.listed);
            assertThat(below)
                    .as(user.name)
                    .filteredOn(used -> user.listed.contains(used.name))
                    .allSatisfy(used ->
                            assertThat(used.isOpenTo(user.name)).as(used.name).isTrue());
        }
    }

    /** A row "all below" is not looked at by ArchUnit for what stands above it: only the top rows are such. */
    @Test
    void whatUsesAllBelowIsUsedByNothingBelow() {
        for (int i = 0; i < table.size(); i++) {
            if (table.get(i).everything && i > 0) {
                noClasses()
                        .that()
                        .resideInAPackage(ROOT + table.get(i).name)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(names(table.subList(0, i)).stream()
                                .map(ROOT::concat)
                                .toArray(String[]::new))
                        .check(production);
            }
        }
    }

    @Test
    void everyPackageStandsInTheTable() {
        Set<String> packages = new TreeSet<>();
        production.forEach(type -> packages.add(type.getPackageName().substring(ROOT.length())));
        assertThat(names(table)).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(packages);
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
                        ROOT + "match..",
                        ROOT + "policy..",
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
