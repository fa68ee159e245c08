package dev.gavel.queue;

import dev.gavel.packet.Decoding;
import dev.gavel.packet.FlowHash;
import dev.gavel.packet.PacketView;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One slot of a queue's receive memory, the packet in it, and what was learned of that packet: its headers and the hash
 * of its flow, each found out once, when it is first asked for. A source fills the slot, one thread at a time owns it
 * until the packet's verdict is sent. Reused for ever: never keep one.
 */
public final class QueuedPacket {
    /** What {@link #uid}, {@link #gid}, {@link #sourceMac}, {@link #vlan} say of a packet that has none. */
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

    private @Nullable Decoding decoding; // null: the view is of an earlier packet
    private int flowHash;
    private boolean isHashed;

    /**
     * A slot whose flow hashes are the same in every run, and so can be foreseen by whoever sends the packets: for
     * captures and tests.
     */
    public QueuedPacket(ByteBuf buffer, int slotOffset, int slotLength) {
        this(buffer, slotOffset, slotLength, KNOWN_HASH);
    }

    /**
     * A slot of {@code slotLength} bytes from {@code slotOffset} of {@code buffer}, whose owner keeps it alive.
     *
     * @param hash of flows; the same for all slots of a process
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

    /** Empties the slot: everything optional is absent, the packet has no bytes. */
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
     * The packet's bytes, from its IP header on: {@code captured} of its {@code original} length, at {@code offset}.
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

    /** {@code gso}: a super-packet; {@code checksumNotReady}: its L4 checksum is only the pseudo-header's sum. */
    public QueuedPacket offload(boolean gso, boolean checksumNotReady) {
        this.gso = gso;
        this.checksumNotReady = checksumNotReady;
        return this;
    }

    /** The memory that the packet's bytes are in, shared with other slots. */
    public ByteBuf buffer() {
        return buffer;
    }

    /** Where this slot begins in {@link #buffer}. */
    public int slotOffset() {
        return slotOffset;
    }

    /** Room of this slot, in bytes. */
    public int slotLength() {
        return slotLength;
    }

    public int queueNumber() {
        return queueNumber;
    }

    /** Unique in its queue until its verdict; unsigned, wraps around. */
    public int packetId() {
        return packetId;
    }

    /** Null where the source does not know it. */
    public @Nullable Hook hook() {
        return hook;
    }

    /** 0 if unset. */
    public int mark() {
        return mark;
    }

    /** Index of the device the packet came by; 0: none. */
    public int inDevice() {
        return inDevice;
    }

    /** Index of the device the packet goes to; 0: none or not known yet. */
    public int outDevice() {
        return outDevice;
    }

    /** Owner of the local socket, or {@link #ABSENT}. */
    public long uid() {
        return uid;
    }

    /** Group of the local socket's owner, or {@link #ABSENT}. */
    public long gid() {
        return gid;
    }

    /** Sender's Ethernet address as a number of 48 bits, or {@link #ABSENT}. */
    public long sourceMac() {
        return sourceMac;
    }

    /** VLAN identifier, 0 to 4095, or {@link #ABSENT}. */
    public long vlan() {
        return vlan;
    }

    /** Whether this is a super-packet beyond the MTU. */
    public boolean isGso() {
        return gso;
    }

    /** Whether the L4 checksum is unfinished and must not be judged. */
    public boolean isChecksumNotReady() {
        return checksumNotReady;
    }

    /** Index in {@link #buffer} of the packet's first byte, its IP header. */
    public int offset() {
        return offset;
    }

    /** Bytes of the packet that we have. */
    public int capturedLength() {
        return capturedLength;
    }

    /** Bytes that the packet has; more than {@link #capturedLength} if it was cut. */
    public int originalLength() {
        return originalLength;
    }

    /** When it was received, by {@link System#nanoTime}. */
    public long receivedNs() {
        return receivedNs;
    }

    /** What came of decoding the packet's headers. Only the thread that owns the slot may ask, as for all below. */
    public Decoding decoding() {
        Decoding known = decoding;
        if (known == null) {
            known = view.decode(buffer, offset, capturedLength, originalLength);
            decoding = known;
        }
        return known;
    }

    /** The packet's headers, as far as {@link #decoding} has found any. Not to be pointed at anything else. */
    public PacketView view() {
        decoding();
        return view;
    }

    /** Of the packet's flow, by the one hash of this process; means nothing if {@link PacketView#version} is 0. */
    public int flowHash() {
        if (!isHashed) {
            flowHash = hash.hash(view());
            isHashed = true;
        }
        return flowHash;
    }
}
