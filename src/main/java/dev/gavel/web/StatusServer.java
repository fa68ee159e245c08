package dev.gavel.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.gavel.metrics.Metrics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Serves metrics and health over HTTP/1.1. A client has some five seconds for its request, and as many for the answer:
 * one that is silent longer is cut off, so that it keeps nobody else waiting for longer than that.
 */
public final class StatusServer implements AutoCloseable {
    private static final int THREADS = 16;
    private static final int IDLE_SECONDS = 30;
    private static final String TEXT = "text/plain; charset=utf-8";

    static { // seconds, read once by the JDK's server, which adds one; its default is to wait for ever
        System.setProperty("sun.net.httpserver.maxReqTime", "4");
        System.setProperty("sun.net.httpserver.maxRspTime", "4");
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final ExecutorService threads;
    private final Metrics metrics;

    /** What is wrong, if anything is: the two questions a supervisor asks. */
    public interface Health {
        /** Empty while every queue is bound and judged within its deadline, else the reason. */
        Optional<String> unhealthy();

        /** Empty while every thread advances, else the reason. */
        Optional<String> dead();
    }

    /**
     * Starts serving.
     *
     * @throws IOException if the address cannot be bound
     */
    public StatusServer(InetSocketAddress address, Metrics metrics, Health health) throws IOException {
        this.metrics = metrics;
        server = HttpServer.create(address, 0);
        threads = threads();
        try {
            server.setExecutor(threads);
            server.createContext("/metrics", exchange -> answer(exchange, "/metrics", this::scrape));
            server.createContext("/healthz", exchange -> answer(exchange, "/healthz", () -> state(health.unhealthy())));
            server.createContext("/livez", exchange -> answer(exchange, "/livez", () -> state(health.dead())));
            server.createContext("/", exchange -> answer(exchange, "/", () -> page(health)));
            server.start();
        } catch (RuntimeException | Error e) { // no thread to be had: the address must not stay taken
            close();
            throw e;
        }
    }

    /** More threads than one scraper needs: a client that sends half a request holds one until it is cut off. */
    private static ExecutorService threads() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "http");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** The port that is served, which the system has chosen if the address named none. */
    public int port() {
        return server.getAddress().getPort();
    }

    @SuppressWarnings("ArrayRecordComponent") // sent, never compared
    private record Reply(int status, String type, byte[] body) {
        static Reply of(int status, String type, String body) {
            return new Reply(status, type, body.getBytes(StandardCharsets.UTF_8));
        }
    }

    @FunctionalInterface
    private interface Content {
        Reply of(HttpExchange exchange) throws IOException;
    }

    private void answer(HttpExchange exchange, String path, Supplier<Reply> content) throws IOException {
        answer(exchange, path, ignored -> content.get());
    }

    private static void answer(HttpExchange exchange, String path, Content content) throws IOException {
        try (exchange) {
            Reply reply;
            if (!exchange.getRequestMethod().equals("GET")
                    && !exchange.getRequestMethod().equals("HEAD")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                reply = Reply.of(405, TEXT, "only GET and HEAD\n");
            } else if (!exchange.getRequestURI().getPath().equals(path)) {
                reply = Reply.of(404, TEXT, "no such page: /metrics, /healthz, /livez and / are here\n");
            } else {
                reply = content.of(exchange);
            }
            exchange.getResponseHeaders().set("Content-Type", reply.type());
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.sendResponseHeaders(reply.status(), -1);
            } else {
                exchange.sendResponseHeaders(reply.status(), reply.body().length);
                exchange.getResponseBody().write(reply.body());
            }
        }
    }

    private Reply scrape(HttpExchange exchange) {
        Metrics.Exposition exposition =
                metrics.scrape(exchange.getRequestHeaders().getFirst("Accept"));
        return new Reply(200, exposition.contentType(), exposition.body());
    }

    private static Reply state(Optional<String> problem) {
        return problem.map(reason -> Reply.of(503, TEXT, reason + "\n")).orElseGet(() -> Reply.of(200, TEXT, "ok\n"));
    }

    private static Reply page(Health health) {
        String state = health.unhealthy().orElse("every queue is bound and judged within its deadline");
        return Reply.of(200, "text/html; charset=utf-8", """
                <!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="5">
                <title>Gavel</title><h1>Gavel</h1><p>%s</p>
                <p><a href="/metrics">metrics</a> · <a href="/healthz">healthz</a> · <a href="/livez">livez</a></p></html>
                """.formatted(state));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
