package dev.gavel.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.imports.IpVersion;
import dev.gavel.imports.IptablesImport;
import dev.gavel.imports.TooLarge;
import dev.gavel.kit.Seeds;
import dev.gavel.sys.RawSender;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The kernel's rules and the policy that {@code gavel import} makes of them count the same packets alike. */
class ImportIT {
    private static final int PACKETS = 500;
    private static final int MARK = 5; // of every packet
    private static final int UNKNOWN_PROTOCOL = 253;
    private static final Pattern COUNTED = Pattern.compile("\\[(\\d+):\\d+] -A .*");
    private static final Pattern MATCHES = Pattern.compile("\"iptables/line-(\\d+)(?:-\\d+)?\":(\\d+)");

    private final long seed = Seeds.take();
    private final Random random = new Random(seed);
    private Netns netns;
    private Iptables iptables;
    private Path launcher;

    @TempDir
    private Path folder;

    @BeforeEach
    void build() throws IOException {
        netns = new Netns("import");
        iptables = new Iptables(netns);
        launcher = Sandbox.readOnlyInstallation().resolve("bin/gavel");
    }

    @AfterEach
    void close() {
        netns.close();
    }

    @ParameterizedTest
    @EnumSource(Ip.class)
    void findsTheStringsThatTheKernelFinds(Ip ip) throws IOException {
        List<byte[]> packets = new ArrayList<>();
        for (int i = 0; i < PACKETS; i++) {
            byte[] payload = random.nextBoolean() ? letters(random.nextInt(200)) : bytes(random.nextInt(200));
            int protocol = random.nextBoolean() ? 17 : UNKNOWN_PROTOCOL;
            packets.add(packet(ip, protocol, 0, protocol == 17 ? udp(payload) : payload));
        }
        List<String> rules = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            rules.add("-A PREROUTING " + string(packets.get(random.nextInt(PACKETS))));
        }
        compare(ip, packets, "*raw\n:PREROUTING DROP [0:0]\n" + String.join("\n", rules) + "\nCOMMIT\n");
    }

    @Test
    void walksTheChainsAsTheKernelDoes() throws IOException {
        List<byte[]> packets = new ArrayList<>();
        for (int i = 0; i < PACKETS; i++) {
            packets.add(randomPacket());
        }
        compare(Ip.V4, packets, chains());
    }

    /** Rules of two tables whose chains, one put into the other, keep their conditions within the language's bounds. */
    private String chains() {
        for (int attempt = 0; attempt < 20; attempt++) {
            StringBuilder rules = new StringBuilder();
            for (String table : List.of("raw", "mangle")) {
                rules.append('*')
                        .append(table)
                        .append("\n:PREROUTING DROP [0:0]\n:c1 - [0:0]\n:c2 - [0:0]\n:c3 - [0:0]\n");
                rules.append(table.equals("raw") ? "-A PREROUTING -s 10.0.0.0/31 -j ACCEPT\n" : "");
                for (int i = 0; i < 30; i++) {
                    int chain = i < 12 ? 0 : 1 + random.nextInt(3);
                    rules.append("-A ").append(chain == 0 ? "PREROUTING" : "c" + chain);
                    rules.append(' ').append(match()).append(target(chain)).append('\n');
                }
                rules.append("COMMIT\n");
            }
            if (isExact(rules.toString())) {
                return rules.toString();
            }
        }
        throw new AssertionError("no rules within the bounds, seed " + seed);
    }

    private static boolean isExact(String rules) {
        try {
            byte[] bytes = rules.getBytes(StandardCharsets.US_ASCII);
            List<String> notes = IptablesImport.of(
                            "rules", bytes, new byte[0], new IptablesImport.Wanted(IpVersion.V4, Set.of(), Set.of()))
                    .notes();
            // others follow from the first: a mark that comes from a rule which was left out
            assertThat(notes.isEmpty() || notes.stream().anyMatch(note -> note.contains("longer than 64 KiB")))
                    .as("%s", notes)
                    .isTrue();
            return notes.isEmpty();
        } catch (TooLarge e) {
            return false;
        }
    }

    /** Sends the packets past the rules, replays them past the policy, and compares what each rule has counted. */
    private void compare(Ip ip, List<byte[]> packets, String rules) throws IOException {
        iptables.restore(ip, Files.writeString(folder.resolve("rules"), rules));
        send(packets);
        String saved = iptables.save(ip);
        Path save = Files.writeString(folder.resolve("saved"), saved);
        Path policy = folder.resolve("policy.yaml");
        Path capture = Files.write(folder.resolve("sent.pcap"), pcap(packets));
        String why = "seed " + seed + "\n" + saved;
        Shell.Exit imported = gavel("import", "iptables", save, "--output", policy);
        assertThat(imported.code()).as(imported.output() + why).isZero();
        assertThat(gavel("check", policy).code()).as(why).isZero();
        Shell.Exit replayed =
                gavel("replay", "-p", policy, "--format", "json", "--hook", "prerouting", "--mark", "" + MARK, capture);
        assertThat(replayed.code()).as(replayed.output()).isZero();
        String summary = replayed.output().substring(replayed.output().indexOf("{\"summary\""));
        assertThat(counted(summary.replace("ip6tables/", "iptables/")))
                .as(why + "\n" + Files.readString(policy))
                .isEqualTo(counters(saved));
    }

    private static Map<Integer, Long> counted(String summary) {
        Map<Integer, Long> counts = new TreeMap<>();
        Matcher rule = MATCHES.matcher(summary);
        while (rule.find()) {
            counts.merge(Integer.valueOf(rule.group(1)), Long.valueOf(rule.group(2)), Long::sum);
        }
        counts.values().removeIf(count -> count == 0);
        return counts;
    }

    /** By line, of the rules that a policy has too: not of jumps, nor of what leaves a chain or the first table. */
    private static Map<Integer, Long> counters(String saved) {
        Map<Integer, Long> counters = new TreeMap<>();
        String table = "";
        boolean twoTables = saved.contains("*mangle") && saved.contains("*raw") && saved.contains(":c1");
        List<String> lines = saved.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            table = line.startsWith("*") ? line : table;
            Matcher rule = COUNTED.matcher(line);
            boolean moves = line.contains(" -j c") || line.contains(" -g c");
            boolean leaves = line.endsWith("-j RETURN") && !(table.equals("*mangle") && line.contains("-A PREROUTING"));
            boolean passes = line.endsWith("-j ACCEPT") && twoTables && table.equals("*raw");
            if (rule.matches() && !moves && !leaves && !passes && !rule.group(1).equals("0")) {
                counters.put(i + 1, Long.valueOf(rule.group(1)));
            }
        }
        return counters;
    }

    private Shell.Exit gavel(Object... arguments) {
        List<String> command =
                new ArrayList<>(List.of("env", "JAVA_HOME=" + System.getProperty("java.home"), launcher.toString()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return Shell.exit(command);
    }

    private void send(List<byte[]> packets) {
        netns.call(() -> {
            try (RawSender sender = new RawSender(MARK)) {
                for (byte[] packet : packets) {
                    ByteBuf buffer = Unpooled.directBuffer(packet.length).writeBytes(packet);
                    assertThat(sender.send(buffer, packet.length, 0)).isZero();
                    buffer.release();
                }
            }
            return null;
        });
    }

    private static byte[] pcap(List<byte[]> packets) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteBuffer header = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(0xa1b2c3d4)
                .putShort((short) 2)
                .putShort((short) 4)
                .putLong(0)
                .putInt(262_144)
                .putInt(101);
        out.writeBytes(header.array());
        for (byte[] packet : packets) {
            ByteBuffer record = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
            out.writeBytes(record.putLong(0)
                    .putInt(packet.length)
                    .putInt(packet.length)
                    .array());
            out.writeBytes(packet);
        }
        return out.toByteArray();
    }

    // packets

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] letters(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) "aAbB \"\\'|:#-\u00df\u00bf\u00ff\u00e4\u00c4\u00d7\u00f7".charAt(random.nextInt(19));
        }
        return bytes;
    }

    private byte[] udp(byte[] data) {
        return ByteBuffer.allocate(8 + data.length)
                .putShort((short) port())
                .putShort((short) port())
                .putShort((short) (8 + data.length))
                .putShort((short) 0)
                .put(data)
                .array();
    }

    private int port() {
        return 1 + random.nextInt(8);
    }

    /** Of IPv4 from 10.0.0.0/29 to 127.0.0.0/29, with a right checksum, which the kernel puts in anyway. */
    private byte[] packet(Ip ip, int protocol, int fragment, byte[] payload) {
        if (ip == Ip.V6) {
            return ByteBuffer.allocate(40 + payload.length)
                    .putInt(0x6000_0000)
                    .putShort((short) payload.length)
                    .put((byte) protocol)
                    .put((byte) (1 + random.nextInt(9)))
                    .putLong(0xfd00_0000_0000_0000L)
                    .putLong(random.nextInt(8))
                    .putLong(0)
                    .putLong(1) // ::1
                    .put(payload)
                    .array();
        }
        ByteBuffer packet = ByteBuffer.allocate(20 + payload.length)
                .putShort((short) 0x4500)
                .putShort((short) (20 + payload.length))
                .putShort((short) (1 + random.nextInt(0xffff)))
                .putShort((short) fragment)
                .put((byte) (1 + random.nextInt(9)))
                .put((byte) protocol)
                .putShort((short) 0)
                .putInt(0x0a00_0000 | random.nextInt(8))
                .putInt(0x7f00_0000 | 1 + random.nextInt(6))
                .put(payload);
        int sum = 0;
        for (int i = 0; i < 20; i += 2) {
            sum += packet.getShort(i) & 0xffff;
        }
        return packet.putShort(10, (short) ~((sum >>> 16) + sum)).array();
    }

    private byte[] randomPacket() {
        byte[] data = letters(random.nextInt(20));
        return switch (random.nextInt(5)) {
            case 0 -> packet(Ip.V4, UNKNOWN_PROTOCOL, 0, data);
            case 1 -> packet(Ip.V4, 17, 0, udp(data));
            case 2 ->
                packet(
                        Ip.V4,
                        1,
                        0,
                        ByteBuffer.allocate(8)
                                .put((byte) random.nextInt(9))
                                .put((byte) random.nextInt(3))
                                .array());
            case 3 ->
                packet(Ip.V4, random.nextBoolean() ? 6 : 17, 2 + random.nextInt(9), bytes(24)); // a later fragment
            default ->
                packet(
                        Ip.V4,
                        6,
                        random.nextInt(4) == 0 ? 0x2000 : 0,
                        ByteBuffer.allocate(20 + data.length)
                                .putShort((short) port())
                                .putShort((short) port())
                                .putLong(random.nextLong())
                                .put((byte) 0x50)
                                .put((byte) random.nextInt(64))
                                .putShort((short) 0)
                                .putInt(0)
                                .put(data)
                                .array());
        };
    }

    // rules

    private String not() {
        return random.nextInt(4) == 0 ? "! " : "";
    }

    /** A search for bytes that {@code packet} has, in a slice that begins or ends near them. */
    private String string(byte[] packet) {
        int at = random.nextInt(packet.length);
        // 127: ip6tables-restore refuses 128 bytes in hexadecimal
        int length = 1 + random.nextInt(Math.min(random.nextInt(8) == 0 ? 127 : 5, packet.length - at));
        byte[] pattern = Arrays.copyOfRange(packet, at, at + length);
        int from = random.nextBoolean() ? 0 : Math.max(0, at + random.nextInt(3) - 1);
        int to = random.nextBoolean() ? 65535 : Math.max(from, at + length + random.nextInt(4) - 2);
        String text = "|" + HexFormat.of().formatHex(pattern) + "|";
        boolean high = false;
        for (byte b : pattern) {
            high |= (b & 0xff) >= 0xbf;
        }
        boolean ignoreCase = random.nextBoolean() && (!high || length <= 6);
        String algorithm = random.nextBoolean() && !(ignoreCase && high) ? "bm" : "kmp";
        boolean printable =
                new String(pattern, StandardCharsets.ISO_8859_1).chars().allMatch(c -> c > ' ' && c < 0x7f);
        String option = printable
                ? "--string \"" + new String(pattern, StandardCharsets.ISO_8859_1).replaceAll("[\"\\\\]", "\\\\$0")
                        + "\""
                : "--hex-string \"" + text + "\"";
        return "-m string " + not() + option + " --algo " + algorithm + (ignoreCase ? " --icase" : "") + " --from "
                + from + " --to " + to;
    }

    private String match() {
        return switch (random.nextInt(14)) {
            case 0 -> "-p tcp -m tcp " + not() + "--dport " + port();
            case 1 -> "-p udp -m udp " + not() + "--sport 3:" + (3 + random.nextInt(5));
            case 2 -> "-p tcp -m multiport " + not() + "--ports " + port() + ",5:7";
            case 3 -> "-p udp -m multiport " + not() + "--dports " + port() + "," + port();
            case 4 ->
                "-p tcp -m tcp " + not() + "--tcp-flags SYN,ACK,FIN " + (random.nextBoolean() ? "SYN" : "ACK,FIN");
            case 5 -> not() + "-s 10.0.0." + random.nextInt(8) + "/31";
            case 6 -> "-m iprange " + not() + "--dst-range 127.0.0.2-127.0.0." + (2 + random.nextInt(5));
            case 7 -> "-m ttl " + (random.nextBoolean() ? "--ttl-lt " : "--ttl-gt ") + (1 + random.nextInt(9));
            case 8 -> "-m length " + not() + "--length 30:" + (30 + random.nextInt(30));
            case 9 -> "-m mark " + not() + "--mark " + random.nextInt(8) + "/" + (1 + random.nextInt(7));
            case 10 ->
                "-p icmp -m icmp " + not() + "--icmp-type " + random.nextInt(9) + (random.nextBoolean() ? "" : "/1");
            case 11 -> not() + "-f";
            case 12 ->
                not() + "-p " + (random.nextBoolean() ? "tcp" : "udp") + " -d 127.0.0." + (1 + random.nextInt(6));
            default -> "-m string " + not() + "--string aB --icase --algo kmp --to " + (30 + random.nextInt(30));
        };
    }

    /** Chains jump to later ones only. */
    private String target(int chain) {
        return switch (random.nextInt(9)) {
            case 0, 8 -> "";
            case 1 -> " -j DROP";
            case 2 -> chain == 0 ? "" : " -j ACCEPT";
            case 3 -> " -j RETURN";
            case 4 -> " -j MARK --set-xmark " + random.nextInt(8) + "/7";
            case 5 -> chain < 3 ? " -g c" + (chain + 1) : "";
            default -> chain < 3 ? " -j c" + (chain + 1 + random.nextInt(3 - chain)) : " -j DROP";
        };
    }
}
