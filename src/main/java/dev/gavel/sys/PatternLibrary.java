package dev.gavel.sys;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.HeapInvocationBuffer;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.Library;
import com.kenai.jffi.MemoryIO;
import com.kenai.jffi.Type;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The library libhs, Hyperscan or its descendant Vectorscan, loaded once. Calls go through jffi's own invoker: a
 * jnr-ffi mapping allocates 72 bytes for each call of {@code hs_scan}. Any thread may use it.
 *
 * @see <a href="https://intel.github.io/hyperscan/dev-reference/">Hyperscan Developer's Reference</a>
 */
public final class PatternLibrary {
    private static final Type POINTER = Type.POINTER;
    private static final Type INT = Type.UINT32;
    private static final Path CPU = Path.of("/proc/cpuinfo");

    /** CPU features that the library's x86-64 code takes for granted; without them it would crash with SIGILL. */
    private static final Set<String> CPU_FLAGS = Set.of("ssse3", "sse4_2", "popcnt");

    static final MemoryIO MEMORY = MemoryIO.getInstance();
    private static final Invoker INVOKER = Invoker.getInstance();
    private static final CallContext VERSION =
            CallContext.getCallContext(POINTER, new Type[0], CallingConvention.DEFAULT, false);
    private static final CallContext SCAN = context(POINTER, POINTER, INT, INT, POINTER, POINTER);
    private static final CallContext SCAN_CODE = context(POINTER, POINTER, INT);
    private static final CallContext FREE =
            CallContext.getCallContext(Type.VOID, new Type[] {POINTER}, CallingConvention.DEFAULT, false);
    static final int PLATFORM_BYTES = 32; // struct hs_platform_info: unsigned tune; u64 cpu_features and two more
    private static final CallContext COMPILE =
            context(POINTER, POINTER, POINTER, POINTER, INT, INT, POINTER, POINTER, POINTER);

    private static final Pattern NUMBER = Pattern.compile("^5\\.4\\.(\\d+)");
    private static final int LAST_HYPERSCAN_PATCH = 2;

    private final Library library;
    private final long scan;
    private final String version;

    private PatternLibrary(Library library) {
        this.library = library;
        scan = symbol("hs_scan");
        long text = INVOKER.invokeAddress(VERSION, symbol("hs_version"), new HeapInvocationBuffer(VERSION));
        version = string(text);
    }

    private static CallContext context(Type... parameters) {
        return CallContext.getCallContext(Type.SINT32, parameters, CallingConvention.DEFAULT, false);
    }

    /**
     * Loads the library {@code file}; a bare name is looked up in the system's library path.
     *
     * @throws UnsupportedOperationException with the reason if this machine or host cannot run it
     */
    public static PatternLibrary load(Path file) {
        String missing = missingCpuFlag();
        if (missing != null) {
            throw new UnsupportedOperationException("this CPU lacks " + missing);
        }
        Library library = Library.openLibrary(file.toString(), Library.NOW | Library.LOCAL);
        if (library == null) {
            throw new UnsupportedOperationException(Library.getLastError());
        }
        PatternLibrary loaded = new PatternLibrary(library);
        int error = loaded.call("hs_valid_platform");
        if (error != 0) {
            throw new UnsupportedOperationException("hs_valid_platform says " + error);
        }
        return loaded;
    }

    private static @Nullable String missingCpuFlag() {
        if (!System.getProperty("os.arch").equals("amd64")) {
            return null;
        }
        try {
            for (String line : Files.readAllLines(CPU)) {
                if (line.startsWith("flags")) {
                    List<String> flags = List.of(line.substring(line.indexOf(':') + 1)
                            .trim()
                            .split("\\s+")); // not Set.of, which rejects duplicates: the kernel may list a flag twice
                    return CPU_FLAGS.stream()
                            .filter(flag -> !flags.contains(flag))
                            .findFirst()
                            .orElse(null);
                }
            }
        } catch (IOException e) {
            return "a readable " + CPU;
        }
        return "flags in " + CPU;
    }

    /**
     * {@code hyperscan} or {@code vectorscan}. Both export the same functions and format their version alike, so the
     * version number has to tell: Hyperscan's last release with these functions is 5.4.2, for x86-64 only; Vectorscan
     * continued from there.
     */
    public String name() {
        Matcher number = NUMBER.matcher(version);
        boolean isLater = !number.find() || Integer.parseInt(number.group(1)) > LAST_HYPERSCAN_PATCH;
        return isLater || !System.getProperty("os.arch").equals("amd64") ? "vectorscan" : "hyperscan";
    }

    /** The library's own version text, such as {@code 5.4.0 2026-11-20}, with its build date. */
    public String version() {
        return version;
    }

    /** The properties of this CPU that compiled databases depend on: struct hs_platform_info. */
    public byte[] platform() {
        long address = MEMORY.allocateMemory(PLATFORM_BYTES, true);
        try {
            int error = call("hs_populate_platform", address);
            if (error != 0) {
                throw new IllegalStateException("hs_populate_platform says " + error);
            }
            byte[] bytes = new byte[PLATFORM_BYTES];
            MEMORY.getByteArray(address, bytes, 0, bytes.length);
            return bytes;
        } finally {
            MEMORY.freeMemory(address);
        }
    }

    /** Frees memory that the library allocated with malloc and handed to the caller. */
    static void free(long address) {
        HeapInvocationBuffer buffer = new HeapInvocationBuffer(FREE);
        buffer.putAddress(address);
        INVOKER.invokeInt(FREE, Library.getDefault().getSymbolAddress("free"), buffer);
    }

    private long symbol(String name) {
        long address = library.getSymbolAddress(name);
        if (address == 0) {
            throw new UnsupportedOperationException("the library has no " + name);
        }
        return address;
    }

    /** Calls a function whose parameters are pointers and whose result is an error code, 0 if fine. */
    int call(String function, long... arguments) {
        Type[] parameters = new Type[arguments.length];
        Arrays.fill(parameters, POINTER);
        CallContext context = context(parameters);
        HeapInvocationBuffer buffer = new HeapInvocationBuffer(context);
        for (long argument : arguments) {
            buffer.putAddress(argument);
        }
        return INVOKER.invokeInt(context, symbol(function), buffer);
    }

    /** hs_compile_ext_multi; {@code platform} 0: for this CPU. */
    int compile(
            long expressions,
            long flags,
            long ids,
            long ext,
            int count,
            int mode,
            long platform,
            long database,
            long error) {
        HeapInvocationBuffer buffer = new HeapInvocationBuffer(COMPILE);
        buffer.putAddress(expressions);
        buffer.putAddress(flags);
        buffer.putAddress(ids);
        buffer.putAddress(ext);
        buffer.putInt(count);
        buffer.putInt(mode);
        buffer.putAddress(platform);
        buffer.putAddress(database);
        buffer.putAddress(error);
        return INVOKER.invokeInt(COMPILE, symbol("hs_compile_ext_multi"), buffer);
    }

    long scanAddress() {
        return scan;
    }

    /** hs_scan as {@link ScanCode} calls it: allocates nothing. */
    int scan(FoundPatterns found, long address, int length) {
        return (int) INVOKER.invokeN3(SCAN_CODE, ScanCode.call(), found.address(), address, length);
    }

    /** hs_scan without its last argument, which a callback in Java ignores: allocates nothing. */
    int scan(long database, long address, int length, long scratch, long callback) {
        return (int) INVOKER.invokeN6(SCAN, scan, database, address, length, 0, scratch, callback);
    }

    /** The C string at {@code address}. */
    static String string(long address) {
        return new String(MEMORY.getZeroTerminatedByteArray(address), StandardCharsets.UTF_8);
    }
}
