package dev.gavel.queue;

import dev.gavel.packet.Decoding;
import dev.gavel.packet.FlowHash;
import dev.gavel.packet.PacketView;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One slot of a queue's receive memory, with the packet in it and data derived from that packet: its headers and its
 * flow hash, each computed once, at its first use. A source fills the slot; after that one thread at a time owns it
 * until the packet's verdict is sent. Slots are reused: never keep a reference.
 */
public final class QueuedPacket {
    /** Value of {@link #uid}, {@link #gid}, {@link #sourceMac} and {@link #vlan} if the packet has none. */
    public static final long ABSENT = PacketView.ABSENT;

    private static final FlowHash KNOWN_HASH = new FlowHash(0, 0);

    private final ByteBuf buffer;
    private final int slotOffset;
    private final int slotLength;
    private final FlowHash hash;
    private final PacketView view = new PacketView();

    private int queueNumber;
    private int packetId;
    private @Nullable Hook hook;
    private int mark;
    private int inDevice;
    private int outDevice;
    private long uid;
    private long gid;
    private long sourceMac;
    private long vlan;
    private boolean gso;
    private boolean checksumNotReady;
    private int offset;
    private int capturedLength;
    private int originalLength;
    private long receivedNs;

    private @Nullable Decoding decoding; // null: not decoded yet; the view shows an earlier packet
    private int flowHash;
    private boolean isHashed;

    /**
     * A slot whose flow hashes are the same in every run, so that senders can predict them. Use only for captures and
     * tests.
     */
    public QueuedPacket(ByteBuf buffer, int slotOffset, int slotLength) {
        this(buffer, slotOffset, slotLength, KNOWN_HASH);
    }

    /**
     * A slot of {@code slotLength} bytes, starting at {@code slotOffset} of {@code buffer}. The caller keeps {@code
     * buffer} alive.
     *
     * @param hash computes flow hashes; must be the same instance for all slots of a process
     */
    public QueuedPacket(ByteBuf buffer, int slotOffset, int slotLength, FlowHash hash) {
        if (slotOffset < 0 || slotLength < 0 || slotOffset > buffer.capacity() - slotLength) {
            throw new IllegalArgumentException("slot of " + slotLength + " bytes at " + slotOffset
                    + " (expected: within " + buffer.capacity() + " bytes)");
        }
        this.buffer = buffer;
        this.slotOffset = slotOffset;
        this.slotLength = slotLength;
        this.hash = hash;
    }

    /** Empties the slot for a new packet: all optional values become absent, and the packet has no bytes. */
    public QueuedPacket reset(int queueNumber, int packetId, long receivedNs) {
        this.queueNumber = queueNumber;
        this.packetId = packetId;
        this.receivedNs = receivedNs;
        hook = null;
        mark = 0;
        inDevice = 0;
        outDevice = 0;
        uid = ABSENT;
        gid = ABSENT;
        sourceMac = ABSENT;
        vlan = ABSENT;
        gso = false;
        checksumNotReady = false;
        offset = slotOffset;
        capturedLength = 0;
        originalLength = 0;
        forget();
        return this;
    }

    /**
     * Sets where the packet is: its bytes start at {@code offset} with the IP header, and {@code captured} of its
     * {@code original} bytes are there.
     */
    public QueuedPacket bytes(int offset, int captured, int original) {
        if (offset < slotOffset || captured < 0 || offset - slotOffset > slotLength - captured || original < captured) {
            throw new IllegalArgumentException("packet of " + captured + " of " + original + " bytes at " + offset
                    + " (expected: within " + slotLength + " bytes at " + slotOffset + ")");
        }
        this.offset = offset;
        capturedLength = captured;
        originalLength = original;
        forget();
        return this;
    }

    private void forget() {
        decoding = null;
        isHashed = false;
    }

    public QueuedPacket hook(@Nullable Hook hook) {
        this.hook = hook;
        return this;
    }

    public QueuedPacket mark(int mark) {
        this.mark = mark;
        return this;
    }

    public QueuedPacket inDevice(int index) {
        inDevice = index;
        return this;
    }

    public QueuedPacket outDevice(int index) {
        outDevice = index;
        return this;
    }

    public QueuedPacket uid(long uid) {
        this.uid = uid;
        return this;
    }

    public QueuedPacket gid(long gid) {
        this.gid = gid;
        return this;
    }

    public QueuedPacket sourceMac(long address) {
        sourceMac = address;
        return this;
    }

    public QueuedPacket vlan(long id) {
        vlan = id;
        return this;
    }

    /**
     * {@code gso}: the packet is a super-packet; {@code checksumNotReady}: its L4 checksum covers only the
     * pseudo-header.
     */
    public QueuedPacket offload(boolean gso, boolean checksumNotReady) {
        this.gso = gso;
        this.checksumNotReady = checksumNotReady;
        return this;
    }

    /** The memory that holds the packet's bytes, shared with other slots. */
    public ByteBuf buffer() {
        return buffer;
    }

    /** Index in {@link #buffer} of the first byte of this slot. */
    public int slotOffset() {
        return slotOffset;
    }

    /** Capacity of this slot, in bytes. */
    public int slotLength() {
        return slotLength;
    }

    public int queueNumber() {
        return queueNumber;
    }

    /** The packet's number, unique in its queue until the verdict is sent; unsigned, wraps around. */
    public int packetId() {
        return packetId;
    }

    /** The hook where the packet waits; null if the source does not know it. */
    public @Nullable Hook hook() {
        return hook;
    }

    /** The packet's mark; 0 if it has none. */
    public int mark() {
        return mark;
    }

    /** Index of the network device that the packet arrived on; 0 if there is none. */
    public int inDevice() {
        return inDevice;
    }

    /** Index of the network device that the packet will leave by; 0 if there is none, or it is not known yet. */
    public int outDevice() {
        return outDevice;
    }

    /** User ID of the local socket's owner, or {@link #ABSENT}. */
    public long uid() {
        return uid;
    }

    /** Group ID of the local socket's owner, or {@link #ABSENT}. */
    public long gid() {
        return gid;
    }

    /** Ethernet address of the sender as a number of 48 bits, or {@link #ABSENT}. */
    public long sourceMac() {
        return sourceMac;
    }

    /** VLAN identifier, 0 to 4095, or {@link #ABSENT}. */
    public long vlan() {
        return vlan;
    }

    /** Whether this is a super-packet, which is longer than the MTU. */
    public boolean isGso() {
        return gso;
    }

    /** Whether the L4 checksum is unfinished, so that it must not be verified. */
    public boolean isChecksumNotReady() {
        return checksumNotReady;
    }

    /** Index in {@link #buffer} of the packet's first byte, its IP header. */
    public int offset() {
        return offset;
    }

    /** Number of bytes of the packet that were captured. */
    public int capturedLength() {
        return capturedLength;
    }

    /** Full length of the packet in bytes; more than {@link #capturedLength} if it was cut. */
    public int originalLength() {
        return originalLength;
    }

    /** Time at which the packet was received, by {@link System#nanoTime}. */
    public long receivedNs() {
        return receivedNs;
    }

    /**
     * The result of decoding the packet's headers. Only the thread that owns the slot may call this method, {@link
     * #view} and {@link #flowHash}.
     */
    public Decoding decoding() {
        Decoding known = decoding;
        if (known == null) {
            known = view.decode(buffer, offset, capturedLength, originalLength);
            decoding = known;
        }
        return known;
    }

    /**
     * The packet's headers, as far as {@link #decoding} could decode them. The caller must not decode another packet
     * into this view.
     */
    public PacketView view() {
        decoding();
        return view;
    }

    /**
     * Hash of the packet's flow, the same for all slots of a process; meaningless if {@link PacketView#version} is 0.
     */
    public int flowHash() {
        if (!isHashed) {
            flowHash = hash.hash(view());
            isHashed = true;
        }
        return flowHash;
    }
}
