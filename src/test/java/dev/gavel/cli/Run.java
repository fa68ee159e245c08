package dev.gavel.cli;

import dev.gavel.cli.terminal.ExitCode;
import dev.gavel.kit.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** One command called in-process: what it printed and its exit code. */
record Run(int exitCode, String out, String err) {
    static Run of(Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] words = List.of(arguments).stream().map(Object::toString).toArray(String[]::new);
        int exitCode = Gavel.commandLine(words)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(words);
        return new Run(exitCode, out.toString(), err.toString());
    }

    List<String> lines() {
        return out.lines().toList();
    }

    /** {@code gavel replay} with JSON lines. */
    static Run json(Object policy, Object capture, Object... more) {
        Object[] fixed = {"replay", "--format", "json", "-p", policy, capture};
        return of(Stream.of(fixed, more).flatMap(Arrays::stream).toArray());
    }

    /** The lines of packets, without the summary, of a replay that has not failed. */
    List<Map<String, Object>> packets() {
        if (exitCode != ExitCode.OK) {
            throw new AssertionError("exit code " + exitCode + ": " + err);
        }
        return lines().subList(0, lines().size() - 1).stream().map(Json::object).toList();
    }

    /** One key of all packets. */
    List<Object> column(String key) {
        return packets().stream().map(packet -> packet.get(key)).toList();
    }

    @SuppressWarnings("unchecked") // by the contract; else the test fails
    Map<String, Object> summary() {
        List<String> lines = lines();
        return (Map<String, Object>) Json.object(lines.get(lines.size() - 1)).get("summary");
    }
}
