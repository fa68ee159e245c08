package dev.gavel.sys;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The network interfaces of the calling thread's network namespace. */
public final class Interfaces {
    private static final int IF_NAMESIZE = 16;

    private Interfaces() {}

    /** The name of interface {@code index}, null if there is none; see if_indextoname(3). Allocates. */
    public static @Nullable String name(int index) {
        ByteBuf name = Unpooled.directBuffer(IF_NAMESIZE);
        try {
            if (Native.LIBC.if_indextoname(index, name.memoryAddress()) == 0) {
                return null;
            }
            int length = 0;
            while (length < IF_NAMESIZE && name.getByte(length) != 0) {
                length++;
            }
            return name.toString(0, length, StandardCharsets.UTF_8);
        } finally {
            name.release();
        }
    }
}
