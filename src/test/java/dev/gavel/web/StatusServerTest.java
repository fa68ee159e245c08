package dev.gavel.web;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.metrics.Metrics;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StatusServerTest {
    private static final String HALF_A_REQUEST = "GET /metrics HTTP/1.1\r\nHost: gavel\r\nX-Slow: ";
    private static final String WHOLE_REQUEST = "GET /metrics HTTP/1.1\r\nHost: gavel\r\n\r\n";
    /** More than the buffers between a server and a client can hold. */
    private static final int LARGE = 12 << 20;
    /** What Prometheus waits by default. */
    private static final Duration SCRAPE_TIMEOUT = Duration.ofSeconds(10);

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<Socket> clients = new ArrayList<>();
    private String help = "A gauge.";
    private Optional<String> unhealthy = Optional.empty();
    private Optional<String> dead = Optional.empty();
    private final Metrics metrics = new Metrics(() -> MetricSnapshots.of(GaugeSnapshot.builder()
            .name("gavel_test")
            .help(help)
            .dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder().value(1).build())
            .build()));
    private final StatusServer server;

    StatusServerTest() throws IOException {
        server = new StatusServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), metrics, new StatusServer.Health() {
                    @Override
                    public Optional<String> unhealthy() {
                        return unhealthy;
                    }

                    @Override
                    public Optional<String> dead() {
                        return dead;
                    }
                });
    }

    @AfterEach
    void close() throws IOException {
        for (Socket socket : clients) {
            socket.close();
        }
        server.close();
        metrics.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .timeout(SCRAPE_TIMEOUT);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static String type(HttpResponse<String> response) {
        return response.headers().firstValue("Content-Type").orElse("none");
    }

    @Test
    void servesMetricsAsText() throws Exception {
        HttpResponse<String> response = send(request("/metrics"));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(type(response)).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
        assertThat(response.body()).contains("\ngavel_test 1.0\n", "\njvm_threads_live_threads ");
    }

    @Test
    void servesMetricsAsOpenMetricsToWhomAcceptsThat() throws Exception {
        HttpResponse<String> response = send(request("/metrics")
                .header("Accept", "application/openmetrics-text;version=1.0.0;q=0.8,text/plain;version=0.0.4;q=0.3"));
        assertThat(type(response)).isEqualTo("application/openmetrics-text; version=1.0.0; charset=utf-8");
        assertThat(response.body()).contains("\ngavel_test 1.0\n").endsWith("# EOF\n");
    }

    @Test
    void tellsWhyItIsNotHealthy() throws Exception {
        assertThat(send(request("/healthz")).statusCode()).isEqualTo(200);
        unhealthy = Optional.of("queue 3: a packet has waited for 70 ms");
        HttpResponse<String> response = send(request("/healthz"));
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).isEqualTo("queue 3: a packet has waited for 70 ms\n");
        assertThat(send(request("/")).body()).contains("queue 3: a packet has waited for 70 ms");
        assertThat(send(request("/livez")).statusCode())
                .as("overload is no reason to restart")
                .isEqualTo(200);
    }

    @Test
    void tellsWhichThreadHangs() throws Exception {
        assertThat(send(request("/livez")).statusCode()).isEqualTo(200);
        dead = Optional.of("thread reader-0 hangs");
        HttpResponse<String> response = send(request("/livez"));
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).isEqualTo("thread reader-0 hangs\n");
    }

    @Test
    void knowsNoOtherPage() throws Exception {
        for (String path : new String[] {"/no-such-page", "/metrics/", "/metricsx", "/healthz/x"}) {
            assertThat(send(request(path)).statusCode()).as(path).isEqualTo(404);
        }
        assertThat(send(request("/healthz?full=1")).statusCode()).isEqualTo(200);
    }

    @Test
    void isReadOnly() throws Exception {
        for (String method : new String[] {"POST", "PUT", "DELETE"}) {
            HttpResponse<String> response =
                    send(request("/metrics").method(method, BodyPublishers.ofString("x".repeat(10_000))));
            assertThat(response.statusCode()).as(method).isEqualTo(405);
            assertThat(response.headers().firstValue("Allow")).contains("GET, HEAD");
        }
    }

    @Test
    void answersHeadWithoutABody() throws Exception {
        for (String path : new String[] {"/metrics", "/healthz", "/livez", "/"}) {
            HttpResponse<String> response = send(request(path).method("HEAD", BodyPublishers.noBody()));
            assertThat(response.statusCode()).as(path).isEqualTo(200);
            assertThat(type(response)).isNotEqualTo("none");
            assertThat(response.body()).isEmpty();
        }
    }

    /** A client that sends {@code text} and reads nothing. */
    private Socket silent(String text) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(1024);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
        socket.getOutputStream().write(text.getBytes(US_ASCII));
        clients.add(socket);
        return socket;
    }

    @Test
    void answersWhileOthersAreSilent() throws Exception {
        help = "x".repeat(LARGE);
        for (int i = 0; i < 50; i++) {
            silent("");
        }
        for (int i = 0; i < 5; i++) {
            silent(HALF_A_REQUEST);
        }
        for (int i = 0; i < 2; i++) {
            silent(WHOLE_REQUEST);
        }
        assertThat(send(request("/healthz")).statusCode()).isEqualTo(200);
        assertThat(send(request("/metrics")).body()).contains("gavel_test 1.0");
    }

    @Test
    void cutsOffWhoNeverFinishes() throws Exception {
        help = "x".repeat(LARGE);
        Socket reader = silent(WHOLE_REQUEST);
        assertThat(reader.getInputStream().read()).as("the answer begins").isEqualTo('H');
        List<Socket> stuck = new ArrayList<>();
        for (int i = 0; i < 20; i++) { // more than there are threads
            stuck.add(silent(HALF_A_REQUEST));
        }
        for (Socket socket : stuck) {
            assertThat(bytesToTheEnd(socket)).isZero();
        }
        assertThat(bytesToTheEnd(reader)).as("what was sent before the end").isLessThan(LARGE);
        help = "A gauge.";
        assertThat(send(request("/metrics")).body()).contains("gavel_test 1.0");
    }

    /** Reads until the server has closed the connection; fails if that takes longer than a scraper waits. */
    private static int bytesToTheEnd(Socket socket) throws IOException {
        socket.setSoTimeout((int) SCRAPE_TIMEOUT.toMillis());
        byte[] some = new byte[1 << 16];
        int bytes = 0;
        try {
            for (int read = socket.getInputStream().read(some);
                    read >= 0;
                    read = socket.getInputStream().read(some)) {
                bytes += read;
            }
        } catch (SocketException e) {
            assertThat(e).hasMessageContaining("reset");
        }
        return bytes;
    }
}
