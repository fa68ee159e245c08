// generate ADDRESS PORT COUNT RATE: COUNT datagrams of 64 bytes from 16 fixed source ports, 40000 to 40015, that is flows.
// As fast as it can with RATE 0, else RATE a second, evenly. Every second packet of each flow begins with "B", the others
// with "A"; the rest is letters that no pattern of the harness has in this order. Prints, at SIGTERM too, how many the
// kernel took.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { FLOWS = 16, FIRST_PORT = 40000, BATCH = 64, PACED_BATCH = 10, LENGTH = 64 };

static volatile sig_atomic_t ended;

static void end(int number) {
    (void)number;
    ended = 1;
}

static int flow(const struct sockaddr_in *to, int number) {
    struct sockaddr_in from = {.sin_family = AF_INET, .sin_port = htons(FIRST_PORT + number)};
    int one = 1, fd = socket(AF_INET, SOCK_DGRAM, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(fd, (void *)&from, sizeof from) || connect(fd, (void *)to, sizeof *to)) {
        perror("generate");
        exit(1);
    }
    return fd;
}

// Sleeps to the next multiple of the interval since the beginning: a late batch is made up for.
static void pace(long sent, double rate, const struct timespec *start) {
    long ns = sent / rate * 1e9 + start->tv_nsec;
    struct timespec until = {start->tv_sec + ns / 1000000000, ns % 1000000000};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
}

int main(int count, char **arguments) {
    signal(SIGTERM, end);
    if (count != 5) {
        fprintf(stderr, "usage: generate ADDRESS PORT COUNT RATE\n");
        return 2;
    }
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(arguments[2]))};
    inet_pton(AF_INET, arguments[1], &to.sin_addr);
    long wanted = atol(arguments[3]), sent = 0;
    double rate = atof(arguments[4]);
    int flows[FLOWS], batch = rate ? PACED_BATCH : BATCH;
    for (int i = 0; i < FLOWS; i++) flows[i] = flow(&to, i);

    char bytes[2][LENGTH];
    for (int i = 0; i < LENGTH; i++) bytes[0][i] = bytes[1][i] = 'a' + i % 23;
    bytes[0][0] = 'A', bytes[1][0] = 'B';
    struct iovec vectors[2] = {{bytes[0], LENGTH}, {bytes[1], LENGTH}};
    struct mmsghdr messages[BATCH] = {0};
    for (int i = 0; i < BATCH; i++) {
        messages[i].msg_hdr.msg_iov = &vectors[i % 2];
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    struct timespec start;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (int turn = 0; sent < wanted && !ended; turn++) {
        long left = wanted - sent;
        int taken = sendmmsg(flows[turn % FLOWS], messages, left < batch ? left : batch, 0);
        if (taken < 0 && errno != ENOBUFS && errno != EAGAIN) {
            perror("generate");
            return 1;
        }
        if (taken > 0) sent += taken;
        if (rate) pace(sent, rate, &start);
    }
    printf("%ld\n", sent);
    return 0;
}
