package dev.gavel.imports;

import io.netty.util.NetUtil;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Addresses and prefixes of one IP version, which a rule's table has. */
final class Addresses {
    private Addresses() {}

    /** {@code ADDRESS[/LENGTH|/MASK]}, or several between commas; {@link Expr#ALWAYS} if every address is meant. */
    static Expr match(String field, String text, IpVersion version) throws Untranslatable {
        List<String> prefixes = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            String prefix = prefix(part, version);
            if (prefix.endsWith("/0")) {
                return Expr.ALWAYS;
            }
            prefixes.add(prefix);
        }
        return Expr.oneOf(field, prefixes);
    }

    /** {@code FIRST-LAST}, or one address. */
    static Expr range(String field, String text, IpVersion version) throws Untranslatable {
        int dash = text.indexOf('-');
        String first = address(dash < 0 ? text : text.substring(0, dash), version);
        String last = dash < 0 ? first : address(text.substring(dash + 1), version);
        return Expr.oneOf(field, List.of(first + ".." + last));
    }

    static String prefix(String text, IpVersion version) throws Untranslatable {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return address(text, version);
        }
        String address = address(text.substring(0, slash), version);
        int length = length(text.substring(slash + 1), version);
        return length == version.bits ? address : address + "/" + length;
    }

    private static int length(String text, IpVersion version) throws Untranslatable {
        byte @Nullable [] mask = bytes(text, version);
        if (mask == null) {
            return (int) Numbers.number(text, version.bits);
        }
        BigInteger ones = new BigInteger(1, mask);
        int length = ones.bitCount();
        if (length > 0 && ones.getLowestSetBit() != version.bits - length) {
            throw new Untranslatable("netmask " + text + " is no prefix");
        }
        return length;
    }

    private static String address(String text, IpVersion version) throws Untranslatable {
        byte @Nullable [] bytes = bytes(text, version);
        if (bytes == null) {
            throw new Untranslatable(Notes.shown(text) + " is no " + version.title + " address");
        }
        return NetUtil.bytesToIpAddress(bytes);
    }

    private static byte @Nullable [] bytes(String text, IpVersion version) {
        boolean valid = version == IpVersion.V4 ? NetUtil.isValidIpV4Address(text) : NetUtil.isValidIpV6Address(text);
        byte[] bytes = valid && text.indexOf('%') < 0 ? NetUtil.createByteArrayFromIpAddressString(text) : null;
        return bytes != null && bytes.length * 8 == version.bits ? bytes : null;
    }
}
