package dev.gavel.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.kit.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A running {@code gavel run}, seen from outside: its process, its output, its metrics, its queues. */
final class Daemon implements AutoCloseable {
    /** SIGTERM to exit, as the contract has it. */
    private static final int STOP_SECONDS = 5;

    private static final int EXIT_SECONDS = 20;
    private static final int HTTP_TIMEOUT_MS = 10_000;
    private static final Pattern SUMMARY =
            Pattern.compile("queue (\\d+): received (\\d+), verdicts (\\d+), gaps (\\d+)$");

    private final Netns netns;
    private final int metricsPort;
    private final List<Integer> queues;
    private final Process process;
    private final List<String> output = new CopyOnWriteArrayList<>();
    private final Thread reader;

    /** What the daemon says of a queue at its end. */
    record Summary(int queue, long received, long verdicts, long gaps) {}

    /** Of the status server: HTTP's status, and the body. */
    record Answer(int status, String text) {}

    Daemon(ProcessBuilder builder, Netns netns, int metricsPort, List<Integer> queues) {
        this.netns = netns;
        this.metricsPort = metricsPort;
        this.queues = queues;
        try {
            process = builder.redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        reader = new Thread(this::readOutput, "output of the daemon");
        reader.setDaemon(true);
        reader.start();
        netns.closing(this);
    }

    private void readOutput() {
        try (BufferedReader lines = process.inputReader(UTF_8)) {
            lines.lines().forEach(output::add);
        } catch (IOException | UncheckedIOException e) {
            output.add("(end of output: " + e + ")");
        }
    }

    /** Waits until metrics are served and every queue is bound. */
    void awaitListening() {
        Await.until(() -> {
            if (!process.isAlive()) {
                throw new IllegalStateException("the daemon ended at its start: " + this);
            }
            assertThat(scrape()).as("metrics").isNotEmpty();
            for (int queue : queues) {
                assertThat(QueueRow.of(netns, queue)).as("queue %d", queue).isPresent();
            }
        });
    }

    private String scrape() {
        return scrape("text/plain");
    }

    /** What {@code /metrics} answers to whom accepts that; empty if nobody does. */
    String scrape(String accept) {
        return netns.call(() -> {
            try {
                Answer answer = request("/metrics", accept);
                if (answer.status() != 200) {
                    throw new IOException("/metrics answers " + answer);
                }
                return answer.text();
            } catch (ConnectException e) {
                return "";
            }
        });
    }

    /** What the status server says at {@code path}. */
    Answer get(String path) {
        return netns.call(() -> request(path, "*/*"));
    }

    private Answer request(String path, String accept) throws IOException {
        URI uri = URI.create("http://127.0.0.1:" + metricsPort + path);
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setRequestProperty("Accept", accept);
        connection.setConnectTimeout(HTTP_TIMEOUT_MS);
        connection.setReadTimeout(HTTP_TIMEOUT_MS);
        int status = connection.getResponseCode();
        try (InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            return new Answer(status, new String(body.readAllBytes(), UTF_8));
        }
    }

    /** What a command of the JDK's diagnostics answers; jcmd(1). */
    String jcmd(String command) {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        return Shell.run(jcmd.toString(), String.valueOf(pid()), command);
    }

    Metrics metrics() {
        return new Metrics(scrape());
    }

    long metric(String name, Object... labels) {
        return metrics().sum(name, labels);
    }

    Netns netns() {
        return netns;
    }

    List<Integer> queues() {
        return queues;
    }

    long pid() {
        return process.pid();
    }

    boolean isRunning() {
        return process.isAlive();
    }

    /** All that it has printed, on both streams. */
    List<String> output() {
        return List.copyOf(output);
    }

    void signal(Signal signal) {
        signal.send((int) process.pid());
    }

    /** Ends it as systemd does. */
    List<Summary> stop() {
        signal(Signal.TERM);
        return awaitStop();
    }

    /** After SIGTERM: it must end within five seconds, with exit code 0. */
    List<Summary> awaitStop() {
        assertThat(awaitExit(STOP_SECONDS)).as("exit code after SIGTERM").isZero();
        return summaries();
    }

    /** Waits for its end and returns the exit code; fails if it keeps running. */
    int awaitExit() {
        return awaitExit(EXIT_SECONDS);
    }

    private int awaitExit(int seconds) {
        try {
            assertThat(process.waitFor(seconds, TimeUnit.SECONDS))
                    .as("has ended within %d s: %s", seconds, this)
                    .isTrue();
            reader.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        assertThat(output).as("the JVM has nothing to warn about").noneMatch(line -> line.startsWith("WARNING:"));
        return process.exitValue();
    }

    /** The last words about each queue. */
    List<Summary> summaries() {
        return output.stream()
                .map(SUMMARY::matcher)
                .filter(Matcher::find)
                .map(line -> new Summary(
                        Integer.parseInt(line.group(1)),
                        Long.parseLong(line.group(2)),
                        Long.parseLong(line.group(3)),
                        Long.parseLong(line.group(4))))
                .toList();
    }

    /** Ends it at once, as a crash does. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return "gavel, process " + process.pid() + ", output:\n  " + String.join("\n  ", output);
    }
}
