package dev.gavel.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What the daemon needs to run, what it does without, and how it says what is missing. */
@ParameterizedClass(name = "{0} workers")
@ValueSource(ints = {0, 2})
class PrivilegesIT {
    private static final int PORT = 7000;
    private static final int USAGE = 2;
    private static final int NO_PRIVILEGE = 77;
    private static final int BAD_CONFIGURATION = 78;
    private static final String POLICY = """
            policy: test
            rules:
              - name: rude
                when: payload contains "RESETME"
                verdict: reject
            """;

    @Parameter
    private int workers;

    private Lab lab;

    @BeforeEach
    void build() {
        lab = new Lab(Lab.Place.INPUT);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private Setup setup() {
        return new Setup(lab.gate(), workers).queue(0);
    }

    @Test
    void saysThatItLacksAPrivilege() throws Exception {
        Daemon daemon = setup().installation(Sandbox.readOnlyInstallation())
                .privileges(Sandbox.only())
                .launch();
        assertThat(daemon.awaitExit()).isEqualTo(NO_PRIVILEGE);
        assertThat(String.join("\n", daemon.output())).contains("CAP_NET_ADMIN");
    }

    @Test
    void saysWhatIsWrongWithTheConfiguration() {
        Daemon daemon = setup().config("no-such-key: 1").launch();
        assertThat(daemon.awaitExit()).isEqualTo(BAD_CONFIGURATION);
        assertThat(daemon.output()).anyMatch(line -> line.contains("gavel.yaml:") && line.contains("no-such-key"));
    }

    @Test
    void saysWhereAPolicyIsWrong() {
        Daemon daemon = setup().policy("10-test.yaml", POLICY.replace("reject", "rejekt"))
                .launch();
        assertThat(daemon.awaitExit()).isEqualTo(BAD_CONFIGURATION);
        assertThat(daemon.output()).anyMatch(line -> line.contains("10-test.yaml:5:14: "));
    }

    @Test
    void refusesAnUnknownOption() {
        Path launcher = Path.of(System.getProperty("gavel.installation"), "bin/gavel");
        Shell.Exit exit = Shell.exit(List.of(launcher.toString(), "run", "--no-such-option"));
        assertThat(exit.code()).as(exit.output()).isEqualTo(USAGE);
    }

    @Test
    void runsWithTwoCapabilitiesAndNothingToWriteTo() throws Exception {
        lab.iptables().add("queue", "-A INPUT -p tcp --dport %d -j NFQUEUE".formatted(PORT));
        EchoServer server = new EchoServer(lab.server(), PORT);
        Client client = new Client(lab.client(), 5000);
        Path noExec = Sandbox.mount("noexec", "-t", "tmpfs", "-o", "noexec,mode=1777", "tmpfs");
        Path readOnly = Sandbox.mount("readonly", "-t", "tmpfs", "-o", "ro", "tmpfs");
        Daemon daemon = setup().policy("10-test.yaml", POLICY)
                .installation(Sandbox.readOnlyInstallation())
                .directory(readOnly)
                .environment("HOME", "/nonexistent")
                .javaOption("-Djava.io.tmpdir=" + noExec)
                .privileges(Sandbox.only("net_admin", "net_raw"))
                .start();
        assertThat(client.tcp(Ip.V4.server(), PORT, "hello")).isEqualTo(Outcome.answer("hello"));
        assertThat(server.connection()).isEqualTo(Outcome.answer("hello"));
        assertThat(client.tcp(Ip.V4.server(), PORT, "RESETME")).isEqualTo(Outcome.RESET);
        assertThat(server.connection()).isEqualTo(Outcome.RESET);
        // Another user than root may not read the kernel's file: absent, not zero.
        for (String unreadable : List.of("gavel_kernel_queue_length", "gavel_kernel_packets_dropped_total")) {
            assertThat(daemon.metrics().has(unreadable)).as(unreadable).isEqualTo(!Sandbox.REAL_ROOT);
        }
        assertThat(daemon.metric("gavel_kernel_queue_max_length"))
                .as("what we have set ourselves")
                .isPositive();
        Ledger.check(daemon, lab.iptables(), "queue");
        daemon.stop();
    }
}
