package dev.gavel.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gavel.config.ConfigLoader;
import dev.gavel.config.DaemonConfig;
import dev.gavel.config.PolicyFile;
import dev.gavel.config.source.ConfigException;
import dev.gavel.config.source.Problems;
import dev.gavel.policy.Policies;
import dev.gavel.policy.program.Program;
import dev.gavel.policy.program.Rule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoadedTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "1, 1, true, 0",
        "1, 2, true, 0",
        "1, 4, true, 3",
        "1, 4, false, 0",
        "2, 4, true, 0",
        "2, 6, true, 4",
        "1, 64, true, 8"
    })
    void choosesAPoolWhereThereAreCoresForIt(int queues, int cores, boolean searches, int workers) {
        assertThat(EngineSetup.workers(queues, cores, searches)).isEqualTo(workers);
    }

    @Test
    void readsListsAnewWithEachLoad() throws Exception {
        Path yaml = directory.resolve("gavel.yaml");
        Path list = directory.resolve("ports.txt");
        Files.createDirectory(directory.resolve("policies.d"));
        Files.writeString(yaml, "lists: {ports: {type: port, file: ports.txt}}\n");
        Files.writeString(
                directory.resolve("policies.d/p.yaml"),
                "policy: p\nrules: [{name: r, when: port in $ports, verdict: drop}]\n");
        Files.writeString(list, "80\n");
        Loaded loaded = Loaded.load(yaml);

        Files.writeString(list, "80\nhttp\n");
        assertThatThrownBy(() -> Loaded.reload(loaded.config(), loaded.program()))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(list + ":2:1: \"http\" is a word; expected a port");

        Files.delete(list);
        assertThatThrownBy(() -> Loaded.reload(loaded.config(), loaded.program()))
                .isInstanceOf(ConfigException.class)
                .hasMessage(yaml + ":1:35: list file \"" + list + "\" does not exist; expected a file");

        Files.writeString(list, "81\n");
        assertThat(Loaded.reload(loaded.config(), loaded.program()).program().rules())
                .hasSize(1);
    }

    @Test
    void loadsTheShippedConfigurationWithoutAProblem() throws ConfigException {
        Problems problems = new Problems();
        ConfigLoader loader = new ConfigLoader(problems);
        DaemonConfig config = loader.daemon(Path.of("config/gavel.yaml"));
        List<PolicyFile> files = loader.policies(config);
        Program program = Policies.compile(config, files, problems);
        assertThat(problems.list()).isEmpty();
        assertThat(program.rules()).extracting(Rule::path).contains("example/forbidden-host", "example/no-telnet");
        assertThat(Loaded.load(Path.of("config/gavel.yaml")).program().rules()).hasSameSizeAs(program.rules());
    }
}
