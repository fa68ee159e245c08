package dev.gavel.metrics;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.gavel.counters.Counter;
import dev.gavel.counters.Histogram;
import org.junit.jupiter.api.Test;

/** Metrics read what others count. */
class ReadingTest {
    @Test
    void seesOnlyTheReadingSideOfCounters() {
        noClasses()
                .that()
                .haveSimpleNameNotEndingWith("Test")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Counter.class, Histogram.class)
                .check(new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("dev.gavel.metrics", "dev.gavel.web"));
    }
}
