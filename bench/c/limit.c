// limit QUEUE packed|batch|single: the least that a consumer of a kernel packet queue can do. Accepts every packet and
// looks at nothing but its id.
//   packed  recvmmsg of 64, then 64 verdict messages in one send
//   batch   recvmmsg of 64, then one NFQNL_MSG_VERDICT_BATCH up to the last id
//   single  one receive, one verdict: the classic loop, where libnetfilter_queue is not there to be measured
// BENCH_MAX_LENGTH, BENCH_RECEIVE_BUFFER, BENCH_COPY_RANGE (bytes) and BENCH_GSO (0 or 1) are as every consumer's.
// Formats: linux/netfilter/nfnetlink_queue.h.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <linux/netlink.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { BATCH = 64, HEADERS = NLMSG_LENGTH(sizeof(struct nfgenmsg)), VERDICT = HEADERS + 12 };

static const struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
static int netlink;
static int queue;

static void die(const char *what) {
    perror(what);
    exit(1);
}

static long setting(const char *name) {
    const char *value = getenv(name);
    if (!value) {
        fprintf(stderr, "limit: %s is not set\n", name);
        exit(2);
    }
    return atol(value);
}

static void begin(char *at, int type, int flags) {
    struct nlmsghdr *header = (void *)at;
    struct nfgenmsg *family = NLMSG_DATA(header);
    *header = (struct nlmsghdr){HEADERS, NFNL_SUBSYS_QUEUE << 8 | type, NLM_F_REQUEST | flags, 0, 0};
    *family = (struct nfgenmsg){AF_UNSPEC, NFNETLINK_V0, htons(queue)};
}

static void attribute(char *at, int type, const void *value, int length) {
    struct nlmsghdr *message = (void *)at;
    struct nlattr *header = (void *)(at + message->nlmsg_len);
    *header = (struct nlattr){NLA_HDRLEN + length, type};
    memcpy(header + 1, value, length);
    message->nlmsg_len += NLA_ALIGN(header->nla_len);
}

static int verdict(char *at, int type, uint32_t id) {
    struct nfqnl_msg_verdict_hdr accept = {htonl(NF_ACCEPT), id};
    begin(at, type, 0);
    attribute(at, NFQA_VERDICT_HDR, &accept, sizeof accept);
    return VERDICT;
}

static void transmit(const char *message, int length) {
    if (sendto(netlink, message, length, 0, (void *)&kernel, sizeof kernel) != length) die("sendto");
}

static void bind_queue(void) {
    int bytes = setting("BENCH_RECEIVE_BUFFER"), one = 1;
    struct sockaddr_nl self = {.nl_family = AF_NETLINK};
    netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
    if (netlink < 0 || bind(netlink, (void *)&self, sizeof self)) die("socket");
    if (setsockopt(netlink, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes)) die("SO_RCVBUFFORCE");
    if (setsockopt(netlink, SOL_NETLINK, NETLINK_NO_ENOBUFS, &one, sizeof one)) die("NETLINK_NO_ENOBUFS");

    char message[512], reply[4096];
    struct nfqnl_msg_config_cmd command = {NFQNL_CFG_CMD_BIND, 0, htons(AF_INET)};
    struct nfqnl_msg_config_params copy = {htonl(setting("BENCH_COPY_RANGE")), NFQNL_COPY_PACKET};
    uint32_t length = htonl(setting("BENCH_MAX_LENGTH")), mask = htonl(NFQA_CFG_F_GSO), flags = setting("BENCH_GSO") ? mask : 0;
    begin(message, NFQNL_MSG_CONFIG, NLM_F_ACK);
    attribute(message, NFQA_CFG_CMD, &command, sizeof command);
    attribute(message, NFQA_CFG_PARAMS, &copy, sizeof copy);
    attribute(message, NFQA_CFG_QUEUE_MAXLEN, &length, sizeof length);
    attribute(message, NFQA_CFG_FLAGS, &flags, sizeof flags);
    attribute(message, NFQA_CFG_MASK, &mask, sizeof mask);
    transmit(message, ((struct nlmsghdr *)message)->nlmsg_len);
    if (recv(netlink, reply, sizeof reply, 0) < 0) die("recv");
    errno = -((struct nlmsgerr *)NLMSG_DATA(reply))->error;
    if (errno) die("bind");
}

// In network order, as the verdict wants it. The kernel puts the packet header first; looked for all the same.
static uint32_t packet_id(const char *message, int length) {
    for (int at = HEADERS; at + NLA_HDRLEN <= length;) {
        const struct nlattr *header = (void *)(message + at);
        if (header->nla_type == NFQA_PACKET_HDR) return ((struct nfqnl_msg_packet_hdr *)(header + 1))->packet_id;
        if (header->nla_len < NLA_HDRLEN) break;
        at += NLA_ALIGN(header->nla_len);
    }
    fprintf(stderr, "limit: a message without a packet header\n");
    exit(1);
}

int main(int count, char **arguments) {
    const char *mode = count == 3 ? arguments[2] : "";
    int batch = !strcmp(mode, "batch"), single = !strcmp(mode, "single");
    if (!batch && !single && strcmp(mode, "packed")) {
        fprintf(stderr, "usage: limit QUEUE packed|batch|single\n");
        return 2;
    }
    queue = atoi(arguments[1]);
    bind_queue();

    long room = setting("BENCH_COPY_RANGE") + 1024;
    char *slots = malloc(BATCH * room), verdicts[BATCH * VERDICT];
    struct mmsghdr messages[BATCH] = {0};
    struct iovec vectors[BATCH];
    for (int i = 0; i < BATCH; i++) {
        vectors[i] = (struct iovec){slots + i * room, room};
        messages[i].msg_hdr.msg_iov = &vectors[i];
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    for (;;) {
        int received = 1, length = 0;
        if (single) {
            ssize_t bytes = recv(netlink, slots, room, 0);
            if (bytes < 0) die("recv");
            messages[0].msg_len = bytes;
        } else if ((received = recvmmsg(netlink, messages, BATCH, MSG_WAITFORONE, NULL)) < 0) {
            die("recvmmsg");
        }
        for (int i = batch ? received - 1 : 0; i < received; i++) {
            uint32_t id = packet_id(vectors[i].iov_base, messages[i].msg_len);
            length += verdict(verdicts + length, batch ? NFQNL_MSG_VERDICT_BATCH : NFQNL_MSG_VERDICT, id);
        }
        transmit(verdicts, length);
    }
}
