package dev.gavel.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.kit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code gavel demo}, for root and for everybody else: what it shows, and that nothing of it is left in whatever case.
 */
class DemoIT {
    private static final int FAILED = 1;
    private static final int UNAVAILABLE = 69;
    private static final long GONE_NS = TimeUnit.SECONDS.toNanos(5);
    private static final String REPLAYED = "26 packets in 5 flows: accept 21, drop 4, reject 1";

    private static Path installation;

    enum User {
        ROOT,
        ORDINARY;

        List<String> command() {
            return this == ROOT ? List.of() : Sandbox.ordinaryUser();
        }
    }

    /** Who gets a signal: the launcher, all of its group as from a terminal, or a shell that waits for the launcher. */
    enum Target {
        LAUNCHER,
        GROUP,
        SHELL
    }

    @BeforeAll
    static void install() throws IOException {
        installation = Sandbox.readOnlyInstallation();
    }

    private static Demo.Start demo() {
        return new Demo.Start(installation);
    }

    @ParameterizedTest
    @EnumSource
    void showsThreeOutcomesAndTheirCounters(User user) throws Exception {
        Remains before = Remains.now();
        try (Demo demo = demo().by(user.command()).start()) {
            assertThat(demo.exitCode()).as(demo.output()).isZero();
            assertThat(demo.output())
                    .startsWith(
                            user == User.ROOT
                                    ? "Private namespaces, as root."
                                    : "Private namespaces, in an unprivileged user namespace.")
                    .containsSubsequence(
                            "1. an ordinary request",
                            "the client saw: answer, by the default, accept",
                            "2. a forbidden host",
                            "the client saw: time-out, by rule demo/forbidden-host",
                            "3. an SQL injection",
                            "the client saw: reset, by rule demo/union-select",
                            "gavel_packets_total{queue=\"0\"} ",
                            "gavel_rejects_total{result=\"sent\"} ",
                            "gavel_rule_matches_total{mode=\"enforce\",policy=\"demo\",rule=\"forbidden-host\"} ",
                            "gavel_rule_matches_total{mode=\"enforce\",policy=\"demo\",rule=\"union-select\"} 1.0",
                            "gavel_verdicts_total{queue=\"0\",reason=\"default\",verdict=\"accept\"} ",
                            "All three as expected.");
            assertNothingIsLeft(demo, before);
        }
    }

    private static void assertNothingIsLeft(Demo demo, Remains before) {
        Await.within(GONE_NS, () -> {
            assertThat(Remains.now()).isEqualTo(before);
            assertThat(demo.temporaryFiles()).isEmpty();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "ROOT, INT, GROUP, 130",
        "ROOT, TERM, LAUNCHER, 143",
        "ROOT, KILL, LAUNCHER, 137",
        "ROOT, KILL, SHELL, 137",
        "ORDINARY, INT, LAUNCHER, 130",
        "ORDINARY, HUP, GROUP, 129",
        "ORDINARY, KILL, LAUNCHER, 137",
        "ORDINARY, KILL, GROUP, 137",
    })
    void leavesNothingBehindWhenItIsInterrupted(User user, Signal signal, Target target, int exitCode)
            throws Exception {
        Remains before = Remains.now();
        Demo.Start start = demo().by(user.command());
        try (Demo demo = (target == Target.SHELL ? start.inShell() : start).start()) {
            demo.awaitOutput("1. an ordinary request"); // the second request waits for its time-out now
            assertThat(Remains.now().networks())
                    .hasSizeGreaterThan(before.networks().size());
            signal.send(target == Target.GROUP ? -demo.pid() : demo.pid());
            assertThat(demo.exitCode()).as(demo.output()).isEqualTo(exitCode);
            assertNothingIsLeft(demo, before);
            assertThat(demo.output()).doesNotContain("Exception");
        }
    }

    /**
     * A user namespace whose root has set its own limit of user namespaces to 0 and then left: what sysctl makes of a
     * whole machine, for the demo alone. The maps of its users are written from outside, because unshare(1) leaves that
     * to newuidmap(1), which may be missing.
     */
    @Test
    void replaysWhereThereAreNoUserNamespaces() throws Exception {
        Remains before = Remains.now();
        List<String> limited = new ArrayList<>(List.of("unshare", "--user", "sh", "-c"));
        limited.add("echo ready && read go && exec \"$@\""); // exec makes the mapped user root, with all capabilities
        limited.addAll(List.of("sh", "sh", "-c"));
        limited.add("echo 0 >/proc/sys/user/max_user_namespaces && exec \"$@\"");
        limited.add("sh");
        limited.addAll(Sandbox.only());
        try (Demo demo = demo().by(limited).start()) {
            demo.awaitOutput("ready");
            Path process = Path.of("/proc", Integer.toString(demo.pid()));
            String users = Sandbox.REAL_ROOT ? "0 0 65536\n" : "0 0 1\n";
            Files.writeString(process.resolve("uid_map"), users);
            Files.writeString(process.resolve("gid_map"), users);
            demo.tell("go");
            assertThat(demo.exitCode()).as(demo.output()).isZero();
            assertThat(demo.output())
                    .contains("no user namespace to be had (unshare: unshare failed: No space left on device)")
                    .contains("replaying the bundled capture", "Run it as root", "user.max_user_namespaces=")
                    .contains("rule demo/forbidden-host", "rule demo/union-select", REPLAYED);
            assertNothingIsLeft(demo, before);
        }
    }

    @Test
    void namesTheCommandThatInstallsWhatIsMissingAndReplays() throws Exception {
        try (Demo demo = demo().by(Sandbox.ordinaryUser())
                .prepared("for tool in ip iptables; do"
                        + " mount --bind /dev/null \"$(readlink -f \"$(command -v $tool)\")\"; done")
                .start()) {
            assertThat(demo.exitCode()).as(demo.output()).isZero();
            assertThat(demo.output())
                    .startsWith("gavel: missing: ip iptables. Install with: sudo apt-get install"
                            + " --no-install-recommends iproute2 iptables\n")
                    .contains("Install them to see the kernel's queue at work")
                    .contains(REPLAYED);
        }
    }

    @Test
    void saysThatItHidesAnInstallationInRun() throws Exception {
        Path copy = Path.of("/run/demo-installation");
        Shell.run("cp", "-r", installation.toString(), copy.toString());
        try (Demo demo = new Demo.Start(copy).start()) {
            assertThat(demo.exitCode()).as(demo.output()).isEqualTo(FAILED);
            assertThat(demo.output()).contains(copy + ": copy that folder to another place");
        }
    }

    @Test
    void saysWhichModulesAKernelLacks() throws Exception {
        String refusing = "#!/bin/sh\necho 'No chain/target/match by that name.' >&2; exit 1\n";
        Path tools = Sandbox.folder("refusing tools");
        for (String tool : List.of("iptables", "iptables-legacy")) {
            Files.writeString(tools.resolve(tool), refusing);
            Shell.run("chmod", "755", tools.resolve(tool).toString());
        }
        try (Demo demo =
                demo().environment("PATH", tools + ":" + System.getenv("PATH")).start()) {
            assertThat(demo.exitCode()).as(demo.output()).isEqualTo(UNAVAILABLE);
            assertThat(demo.output())
                    .contains("gavel: ip netns exec server iptables -A INPUT", "No chain/target/match by that name.")
                    .contains("modules xt_NFQUEUE and nfnetlink_queue")
                    .doesNotContain("Exception");
        }
    }

    /** An installation whose demo has another policy. */
    private static Demo.Start altered(String policy) throws IOException {
        Path copy = Sandbox.folder("demo with spaces").resolve("gavel");
        Shell.run("rm", "-rf", copy.toString());
        Shell.run("cp", "-r", System.getProperty("gavel.installation"), copy.toString());
        Files.writeString(copy.resolve("share/demo.yaml"), policy);
        return new Demo.Start(copy);
    }

    @Test
    void failsWhenAnOutcomeDiffers() throws Exception {
        String demoPolicy = Files.readString(installation.resolve("share/demo.yaml"));
        try (Demo demo =
                altered(demoPolicy.replace("verdict: drop", "verdict: reject")).start()) {
            assertThat(demo.exitCode()).as(demo.output()).isEqualTo(FAILED);
            assertThat(demo.output())
                    .containsOnlyOnce("NOT as expected")
                    .contains("NOT as expected, which is: time-out, by rule demo/forbidden-host")
                    .contains("Something is not as it should be.");
        }
    }

    @Test
    void failsWhenNoConnectionIsMade() throws Exception {
        try (Demo demo = altered("policy: demo\nrules:\n  - name: all\n    verdict: reject\n")
                .start()) {
            assertThat(demo.exitCode()).as(demo.output()).isEqualTo(FAILED);
            assertThat(demo.output())
                    .contains("the client saw: connection refused, by rule demo/all")
                    .doesNotContain("Exception");
        }
    }

    @Test
    void saysWhyTheDaemonDoesNotStart() throws Exception {
        Remains before = Remains.now();
        try (Demo demo = altered("policy: demo\nrulez: []\n").start()) {
            assertThat(demo.exitCode()).as(demo.output()).isEqualTo(FAILED);
            assertThat(demo.output()).contains("the daemon did not start:\n", "10-demo.yaml:2:1: ", "rulez");
            assertNothingIsLeft(demo, before);
        }
    }
}
