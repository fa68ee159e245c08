package dev.gavel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.cli.terminal.ExitCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code gavel replay} reads and writes, and what it says when that fails. */
class ReplayFilesTest {
    private static final Path SAMPLE = Path.of("examples/sample.pcap");
    private static final String DEMO = "examples/demo.yaml";
    private static final String SUMMARY_OF_NOTHING = "{\"summary\":{\"packets\":0,\"accept\":0,\"drop\":0,\"reject\":0,"
            + "\"other\":0,\"flows\":0,\"malformed\":0,\"rules\":{},\"reasons\":{},\"shadow\":{}}}";

    @TempDir
    private Path folder;

    private static Run replay(Object... more) {
        List<Object> arguments = new ArrayList<>(List.of("replay", "-p", DEMO));
        arguments.addAll(List.of(more));
        return Run.of(arguments.toArray());
    }

    /** The frames of a little-endian pcap file: header and bytes of each. */
    private static List<String> records(byte[] pcap) {
        ByteBuffer file = ByteBuffer.wrap(pcap).order(ByteOrder.LITTLE_ENDIAN);
        List<String> records = new ArrayList<>();
        int at = 24;
        while (at < pcap.length) {
            int next = at + 16 + file.getInt(at + 8);
            records.add(Arrays.toString(Arrays.copyOfRange(pcap, at, next)));
            at = next;
        }
        return records;
    }

    @Test
    void writesJustThePacketsThatPassUnchanged() throws IOException {
        Path out = folder.resolve("out.pcap");
        assertThat(replay("--write", out, SAMPLE).exitCode()).isZero();
        List<String> all = records(Files.readAllBytes(SAMPLE));
        assertThat(all).hasSize(26);
        List<Integer> blocked = List.of(17, 18, 19, 23, 26);
        assertThat(records(Files.readAllBytes(out)))
                .isEqualTo(IntStream.rangeClosed(1, 26)
                        .filter(number -> !blocked.contains(number))
                        .mapToObj(number -> all.get(number - 1))
                        .toList());
        Run again = replay(out);
        assertThat(again.out()).contains("\n21 packets in 5 flows: accept 21\n");
    }

    @Test
    void refusesToWriteOntoItsInput() throws IOException {
        Path capture = Files.copy(SAMPLE, folder.resolve("in.pcap"));
        Path link = Files.createSymbolicLink(folder.resolve("link.pcap"), capture);
        for (Path out : List.of(capture, link, folder.resolve("./in.pcap"))) {
            Run run = replay("--write", out, capture);
            assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
            assertThat(run.out()).isEmpty();
            assertThat(run.err()).isEqualTo("gavel: --write " + out + " is the capture itself; name another file\n");
        }
        assertThat(capture).hasSameBinaryContentAs(SAMPLE);
    }

    @Test
    void writesACaptureWithoutFramesWhereNothingPasses() throws IOException {
        Path capture = new Pcap().write(folder);
        Path out = folder.resolve("out.pcap");
        assertThat(replay("--write", out, capture).exitCode()).isZero();
        assertThat(out).hasSize(24);
        assertThat(replay("--format", "json", out).lines()).containsExactly(SUMMARY_OF_NOTHING);
    }

    @Test
    void sumsUpAnEmptyCapture() throws IOException {
        Path capture = new Pcap().write(folder);
        Run json = replay("--format", "json", capture);
        assertThat(json).isEqualTo(new Run(0, SUMMARY_OF_NOTHING + "\n", ""));
        assertThat(replay(capture)).isEqualTo(new Run(0, "no packets\n", ""));
    }

    @Test
    void judgesWhatIsWholeOfACaptureThatEndsInAPacket() throws IOException {
        byte[] whole = Files.readAllBytes(SAMPLE);
        byte[] cut = Arrays.copyOf(whole, whole.length - 1);
        Path capture = Files.write(folder.resolve("cut.pcap"), cut);
        Run run = replay("--format", "json", capture);
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.lines()).hasSize(25 + 1);
        assertThat(run.lines().get(25)).startsWith("{\"summary\":{\"packets\":25,");
        assertThat(run.err())
                .isEqualTo(
                        "gavel: warning: " + capture + " ends in the middle of a packet; what is whole was judged\n");
    }

    @Test
    void readsStandardInput() throws IOException {
        InputStream before = System.in;
        try (InputStream sample = new ByteArrayInputStream(Files.readAllBytes(SAMPLE))) {
            System.setIn(sample);
            assertThat(replay("-")).isEqualTo(replay(SAMPLE));
        } finally {
            System.setIn(before);
        }
    }

    private static void fails(Run run, String message) {
        assertThat(run).isEqualTo(new Run(ExitCode.FAILED, "", "gavel: " + message + "\n"));
    }

    @Test
    void saysWhatIsWrongWithACapture() throws IOException {
        Path missing = folder.resolve("missing.pcap");
        fails(replay(missing), missing + ": no such file or directory");
        fails(replay(folder), folder + ": Is a directory");
        fails(replay(DEMO), DEMO + ": offset 0: begins with 23205468, so it is neither pcap nor pcapng"); // "# Th"
        Path empty = Files.createFile(folder.resolve("empty.pcap"));
        fails(replay(empty), empty + ": offset 0: too short for a capture");
    }

    @Test
    void saysWhatIsWrongWithTheFileToWrite() {
        Path nowhere = folder.resolve("no/folder/out.pcap");
        fails(replay("--write", nowhere, SAMPLE), nowhere + ": no such file or directory");
        fails(replay("--write", folder, SAMPLE), folder + ": Is a directory");
    }

    @Test
    void saysThatTheDiskIsFull() {
        Run run = replay("--write", "/dev/full", SAMPLE);
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err()).isEqualTo("gavel: /dev/full: No space left on device\n");
    }

    @Test
    void judgesWhatComesBeforeAFault() throws IOException {
        byte[] file = Arrays.copyOf(Files.readAllBytes(SAMPLE), (int) Files.size(SAMPLE) + 16);
        Arrays.fill(file, file.length - 8, file.length, (byte) 0x7f); // a record of two thousand million bytes
        Path capture = Files.write(folder.resolve("fault.pcap"), file);
        Run run = replay(capture);
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.lines()).hasSize(26);
        assertThat(run.err()).startsWith("gavel: " + capture + ": offset " + Long.toString(Files.size(SAMPLE)));
    }
}
