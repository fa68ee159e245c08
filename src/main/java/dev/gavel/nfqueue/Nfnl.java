package dev.gavel.nfqueue;

/** Numbers of linux/netfilter/nfnetlink_queue.h, in its words. */
final class Nfnl {
    static final int NETLINK_NETFILTER = 12;
    static final int SOL_NETLINK = 270;
    static final int NETLINK_NO_ENOBUFS = 5;
    static final int NETLINK_CAP_ACK = 10;

    private static final int QUEUE_SUBSYSTEM = 3 << 8;
    static final int MSG_PACKET = QUEUE_SUBSYSTEM;
    static final int MSG_VERDICT = QUEUE_SUBSYSTEM | 1;
    static final int MSG_CONFIG = QUEUE_SUBSYSTEM | 2;

    /** A verdict on every packet of the queue up to an id. */
    static final int MSG_VERDICT_BATCH = QUEUE_SUBSYSTEM | 3;

    static final int A_PACKET_HDR = 1;
    static final int A_VERDICT_HDR = 2;
    static final int A_MARK = 3;
    static final int A_TIMESTAMP = 4;
    static final int A_IFINDEX_INDEV = 5;
    static final int A_IFINDEX_OUTDEV = 6;
    static final int A_HWADDR = 9;
    static final int A_PAYLOAD = 10;
    static final int A_CAP_LEN = 13;
    static final int A_SKB_INFO = 14;
    static final int A_UID = 16;
    static final int A_GID = 17;
    static final int A_VLAN = 19;
    static final int A_VLAN_TCI = 2;

    static final int SKB_CSUMNOTREADY = 1;
    static final int SKB_GSO = 2;

    static final int CFG_CMD = 1;
    static final int CFG_PARAMS = 2;
    static final int CFG_QUEUE_MAXLEN = 3;
    static final int CFG_MASK = 4;
    static final int CFG_FLAGS = 5;
    static final int CMD_BIND = 1;
    static final int CMD_UNBIND = 2;
    static final int COPY_PACKET = 2;

    private Nfnl() {}
}
