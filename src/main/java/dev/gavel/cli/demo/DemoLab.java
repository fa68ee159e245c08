package dev.gavel.cli.demo;

import dev.gavel.cli.terminal.CommandFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The demo's daemon, and the requests that it judges, in a sandbox that may be changed at will. */
final class DemoLab {
    private static final int TIMEOUT_MS = 1500;
    private static final long START_LIMIT_NS = 30_000_000_000L;
    private static final String DEFAULT = "the default, accept";
    private static final Pattern RULE_MATCHES =
            Pattern.compile("gavel_rule_matches_total\\{.*policy=\"([^\"]*)\".*rule=\"([^\"]*)\".*\\} (\\S+)");
    private static final String METRICS = "http://127.0.0.1:19464/metrics";

    /** What a client sees of its request. */
    enum Outcome {
        ANSWER("answer"),
        TIMEOUT("time-out"),
        RESET("reset"),
        REFUSED("connection refused"),
        CLOSED("closed without an answer");

        private final String word;

        Outcome(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    private record Request(String what, String line, String host, Outcome expected, String rule) {}

    private static final List<Request> REQUESTS = List.of(
            new Request("an ordinary request", "GET / HTTP/1.1", "www.example.com", Outcome.ANSWER, DEFAULT),
            new Request(
                    "a forbidden host", "GET / HTTP/1.1", "t.test.com", Outcome.TIMEOUT, "rule demo/forbidden-host"),
            new Request(
                    "an SQL injection",
                    "GET /?id=1%20union%20select HTTP/1.1",
                    "www.example.com",
                    Outcome.RESET,
                    "rule demo/union-select"));

    private final Path home;
    private final PrintStream out;

    DemoLab(Path home, PrintStream out) {
        this.home = home;
        this.out = out;
    }

    /** Sets up, sends the three requests, and prints what came of them; whether all was as expected. */
    boolean show() throws Exception {
        Sandbox.endWithParent();
        DemoNetwork.lay(out);
        Path config = writeConfig();
        Process daemon = new ProcessBuilder(
                        "ip",
                        "netns",
                        "exec",
                        DemoNetwork.SERVER,
                        home.resolve("bin/gavel").toString(),
                        "run",
                        "-c",
                        config.toString())
                .redirectOutput(Redirect.DISCARD)
                .redirectError(config.resolveSibling("daemon.log").toFile())
                .start();
        try {
            awaitMetrics(daemon, config.resolveSibling("daemon.log"));
            out.printf("%n  daemon    gavel run, metrics on %s%n%n", METRICS);
            try (ServerSocket listener = DemoNetwork.SERVER_HOST.call(
                    () -> new ServerSocket(DemoNetwork.PORT, 16, InetAddress.getByName(DemoNetwork.SERVER_ADDRESS)))) {
                serve(listener);
                return showRequests();
            }
        } finally {
            daemon.destroy();
            daemon.waitFor(10, TimeUnit.SECONDS);
        }
    }

    private Path writeConfig() throws IOException {
        Path folder = Files.createDirectories(Path.of("/run/gavel-demo"));
        Path policies = Files.createDirectories(folder.resolve("policies.d"));
        Files.copy(home.resolve("share/demo.yaml"), policies.resolve("10-demo.yaml"));
        Path config = folder.resolve("gavel.yaml");
        Files.writeString(config, "queues:\n  - number: 0\nevents: {types: []}\npolicies: policies.d\n");
        out.printf("  policy    %n");
        Files.readString(policies.resolve("10-demo.yaml")).lines().forEach(line -> out.println("            " + line));
        return config;
    }

    private void awaitMetrics(Process daemon, Path log) throws Exception {
        long deadline = System.nanoTime() + START_LIMIT_NS;
        while (System.nanoTime() - deadline < 0) {
            if (!daemon.isAlive()) {
                break;
            }
            try {
                scrape();
                return;
            } catch (IOException e) {
                Thread.sleep(50); // not there yet
            }
        }
        throw new CommandFailure("the daemon did not start:\n" + Files.readString(log));
    }

    private String scrape() throws Exception {
        return DemoNetwork.SERVER_HOST.call(() -> {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(METRICS).toURL().openConnection();
            connection.setConnectTimeout(TIMEOUT_MS);
            connection.setReadTimeout(TIMEOUT_MS);
            try (InputStream body = connection.getInputStream()) {
                return new String(body.readAllBytes(), StandardCharsets.UTF_8);
            }
        });
    }

    /** Answers every request on a thread of its own, until the listener is closed. */
    private static void serve(ServerSocket listener) {
        Thread thread = new Thread(
                () -> {
                    while (!listener.isClosed()) {
                        try (Socket socket = listener.accept()) {
                            socket.setSoTimeout(2 * TIMEOUT_MS);
                            BufferedReader in = new BufferedReader(
                                    new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
                            String line = in.readLine();
                            while (line != null && !line.isEmpty()) {
                                line = in.readLine();
                            }
                            socket.getOutputStream()
                                    .write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello\n"
                                            .getBytes(StandardCharsets.US_ASCII));
                        } catch (IOException e) {
                            // a request that Gavel has ended: the client tells
                        }
                    }
                },
                "demo-server");
        thread.setDaemon(true);
        thread.start();
    }

    private boolean showRequests() throws Exception {
        boolean fine = true;
        for (int i = 0; i < REQUESTS.size(); i++) {
            Request request = REQUESTS.get(i);
            Map<String, Double> before = ruleMatches();
            Outcome outcome = DemoNetwork.CLIENT_HOST.call(() -> send(request));
            String rule = risen(before, ruleMatches());
            boolean expected = outcome == request.expected() && rule.equals(request.rule());
            fine &= expected;
            out.printf("  %d. %s: %s, Host: %s%n", i + 1, request.what(), request.line(), request.host());
            out.printf("     the client saw: %s, by %s%n", outcome, rule);
            if (!expected) {
                out.printf("     NOT as expected, which is: %s, by %s%n", request.expected(), request.rule());
            }
        }
        showCounters();
        out.printf("%n%s%n", fine ? "All three as expected." : "Something is not as it should be.");
        return fine;
    }

    /** Matches by rule, as the daemon counts them. */
    private Map<String, Double> ruleMatches() throws Exception {
        Map<String, Double> matches = new TreeMap<>();
        Matcher line = RULE_MATCHES.matcher(scrape());
        while (line.find()) {
            matches.put(line.group(1) + "/" + line.group(2), Double.valueOf(line.group(3)));
        }
        return matches;
    }

    /** The rule that has met packets in between; the default if there is none. */
    private static String risen(Map<String, Double> before, Map<String, Double> after) {
        return after.entrySet().stream()
                .filter(rule -> rule.getValue() > before.getOrDefault(rule.getKey(), 0.0))
                .map(rule -> "rule " + rule.getKey())
                .findFirst()
                .orElse(DEFAULT);
    }

    private static Outcome send(Request request) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MS);
            socket.connect(new InetSocketAddress(DemoNetwork.SERVER_ADDRESS, DemoNetwork.PORT), TIMEOUT_MS);
            OutputStream to = socket.getOutputStream();
            to.write((request.line() + "\r\nHost: " + request.host() + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() < 0 ? Outcome.CLOSED : Outcome.ANSWER;
        } catch (SocketTimeoutException e) {
            return Outcome.TIMEOUT;
        } catch (ConnectException e) {
            return Outcome.REFUSED;
        } catch (SocketException e) {
            return Outcome.RESET; // "Connection reset"
        }
    }

    private void showCounters() throws Exception {
        List<String> wanted = List.of(
                "gavel_packets_total", "gavel_verdicts_total", "gavel_rule_matches_total", "gavel_rejects_total");
        String counters = scrape().lines()
                .filter(line -> wanted.stream().anyMatch(line::startsWith) && !line.endsWith(" 0.0"))
                .map(line -> "  " + line)
                .collect(Collectors.joining("\n"));
        out.printf("%n  counters%n%s%n", counters);
    }
}
