// classic QUEUE: what a program written after libnetfilter_queue's documentation does: one receive, one callback, one
// verdict. Only its buffers and flags are those of the other consumers (BENCH_..., see limit.c).
#include <arpa/inet.h>
#include <libnetfilter_queue/libnetfilter_queue.h>
#include <linux/netfilter.h>
#include <linux/netlink.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

static long setting(const char *name) {
    const char *value = getenv(name);
    if (!value) {
        fprintf(stderr, "classic: %s is not set\n", name);
        exit(2);
    }
    return atol(value);
}

static int judge(struct nfq_q_handle *queue, struct nfgenmsg *message, struct nfq_data *packet, void *unused) {
    unsigned char *bytes;
    (void)message, (void)unused;
    if (nfq_get_payload(packet, &bytes) < 0) return -1;
    return nfq_set_verdict(queue, ntohl(nfq_get_msg_packet_hdr(packet)->packet_id), NF_ACCEPT, 0, NULL);
}

int main(int count, char **arguments) {
    if (count != 2) {
        fprintf(stderr, "usage: classic QUEUE\n");
        return 2;
    }
    struct nfq_handle *library = nfq_open();
    struct nfq_q_handle *queue = library ? nfq_create_queue(library, atoi(arguments[1]), judge, NULL) : NULL;
    int one = 1, room = setting("BENCH_COPY_RANGE") + 1024;
    uint32_t gso = setting("BENCH_GSO") ? NFQA_CFG_F_GSO : 0;
    if (!queue || nfq_set_queue_maxlen(queue, setting("BENCH_MAX_LENGTH")) < 0 ||
        nfq_set_queue_flags(queue, NFQA_CFG_F_GSO, gso) < 0 ||
        nfq_set_mode(queue, NFQNL_COPY_PACKET, setting("BENCH_COPY_RANGE")) < 0) {
        perror("queue");
        return 1;
    }
    nfnl_rcvbufsiz(nfq_nfnlh(library), setting("BENCH_RECEIVE_BUFFER"));
    setsockopt(nfq_fd(library), SOL_NETLINK, NETLINK_NO_ENOBUFS, &one, sizeof one);
    char *buffer = malloc(room);
    ssize_t length;
    while ((length = recv(nfq_fd(library), buffer, room, 0)) >= 0) nfq_handle_packet(library, buffer, length);
    perror("recv");
    return 1;
}
