package dev.gavel.sys;

import com.kenai.jffi.PageManager;
import java.util.HexFormat;

/**
 * Two functions in machine code, for x86-64 alone: a call of {@code hs_scan} with all of its seven arguments, and the
 * callback that it is given, which would cost 200 ns and more a hit in Java. They work on {@link FoundPatterns}. Made
 * once for the process and never changed or freed; any thread may call them. The page is first writable, then
 * executable, never both.
 */
final class ScanCode {
    /**
     * {@code int scan(FoundPatterns *, const char *data, unsigned length)}: arguments in rdi, rsi, edx, as by the ABI
     * of System V; the pushed register is hs_scan's seventh argument, and aligns the stack.
     */
    private static final String[] CALL = {
        "57", //          push  rdi            ; context
        "31 c9", //       xor   ecx, ecx       ; flags
        "4c 8b 47 08", // mov   r8, [rdi+8]    ; scratch
        "4c 8b 4f 10", // mov   r9, [rdi+16]   ; callback
        "48 8b 47 18", // mov   rax, [rdi+24]  ; hs_scan
        "48 8b 3f", //    mov   rdi, [rdi]     ; database
        "ff d0", //       call  rax
        "59", //          pop   rcx
        "c3", //          ret
    };

    /**
     * {@code int found(unsigned id, u64 from, u64 to, unsigned flags, FoundPatterns *)}: id in edi, the context in r8.
     * An id is written only if it is below the number of patterns and its bit was not set, hence never beyond the room.
     */
    private static final String[] CALLBACK = {
        "41 3b 78 20", //    cmp   edi, [r8+32]     ; patterns
        "73 21", //          jae   stop
        "49 8b 48 28", //    mov   rcx, [r8+40]     ; bits
        "0f ab 39", //       bts   dword [rcx], edi ; any bit from there on; carry: it was set
        "72 15", //          jc    on
        "41 8b 40 24", //    mov   eax, [r8+36]     ; found
        "41 89 7c 80 30", // mov   [r8+rax*4+48], edi
        "ff c0", //          inc   eax
        "41 89 40 24", //    mov   [r8+36], eax
        "41 3b 40 20", //    cmp   eax, [r8+32]
        "74 03", //          je    stop             ; all found
        "31 c0", //    on:   xor   eax, eax
        "c3", //             ret
        "b8 01 00 00 00", // stop: mov eax, 1
        "c3", //             ret
    };

    private static final int CALLBACK_OFFSET = 32;
    private static final long PAGE = install();

    private ScanCode() {}

    /** Whether this machine can run the code, and permits executable memory. */
    static boolean isThere() {
        return PAGE != 0;
    }

    static long call() {
        return PAGE;
    }

    static long callback() {
        return PAGE + CALLBACK_OFFSET;
    }

    private static long install() {
        if (!System.getProperty("os.arch").equals("amd64")) {
            return 0;
        }
        PageManager pages = PageManager.getInstance();
        long page = pages.allocatePages(1, PageManager.PROT_READ | PageManager.PROT_WRITE);
        if (page == 0) {
            return 0;
        }
        write(page, CALL);
        write(page + CALLBACK_OFFSET, CALLBACK);
        int executable = PageManager.PROT_READ | PageManager.PROT_EXEC;
        if (Native.LIBC.mprotect(page, pages.pageSize(), executable) != 0) {
            pages.freePages(page, 1);
            return 0;
        }
        return page;
    }

    private static void write(long address, String... instructions) {
        byte[] code = HexFormat.of().parseHex(String.join("", instructions).replace(" ", ""));
        PatternLibrary.MEMORY.putByteArray(address, code, 0, code.length);
    }
}
