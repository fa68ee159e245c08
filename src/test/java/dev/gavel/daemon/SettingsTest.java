package dev.gavel.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gavel.config.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    @TempDir
    private Path directory;

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
        Settings.Loaded loaded = Settings.load(yaml);

        Files.writeString(list, "80\nhttp\n");
        assertThatThrownBy(() -> Settings.reload(loaded.config(), loaded.program()))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(list + ":2:1: \"http\" is a word; expected a port");

        Files.delete(list);
        assertThatThrownBy(() -> Settings.reload(loaded.config(), loaded.program()))
                .isInstanceOf(ConfigException.class)
                .hasMessage(yaml + ":1:35: list file \"" + list + "\" does not exist; expected a file");

        Files.writeString(list, "81\n");
        assertThat(Settings.reload(loaded.config(), loaded.program()).program().rules())
                .hasSize(1);
    }
}
