// ping serve ADDRESS PORT: answers each datagram. ping ask ADDRESS PORT COUNT [SECONDS]: so many requests of 64 bytes,
// one after the other, as far as so much time allows; prints how many were not answered within a second and the round
// trips' p50, p99, p99.9, p99.99 and maximum in nanoseconds.
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>

enum { LENGTH = 64, WARM_UP = 500, LOST_LIMIT = 5 };

static int64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int ascending(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int serve(int fd, const struct sockaddr_in *self) {
    if (bind(fd, (void *)self, sizeof *self)) {
        perror("ping");
        return 1;
    }
    for (;;) {
        struct sockaddr_in peer;
        socklen_t size = sizeof peer;
        char bytes[LENGTH];
        ssize_t length = recvfrom(fd, bytes, sizeof bytes, 0, (void *)&peer, &size);
        if (length >= 0) sendto(fd, bytes, length, 0, (void *)&peer, size);
    }
}

// Its nanoseconds, or -1. A late answer to an earlier request is thrown away.
static int64_t round_trip(int fd, uint32_t number) {
    char bytes[LENGTH], answer[LENGTH];
    memset(bytes, 'p', sizeof bytes);
    memcpy(bytes, &number, sizeof number);
    int64_t start = now();
    send(fd, bytes, sizeof bytes, 0);
    while (recv(fd, answer, sizeof answer, 0) > 0)
        if (!memcmp(answer, bytes, sizeof bytes)) return now() - start;
    return -1;
}

int main(int count, char **arguments) {
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(count > 3 ? atoi(arguments[3]) : 0)};
    if (count > 3) inet_pton(AF_INET, arguments[2], &address.sin_addr);
    if (count == 4 && !strcmp(arguments[1], "serve")) return serve(fd, &address);
    if (count < 5 || count > 6 || strcmp(arguments[1], "ask")) {
        fprintf(stderr, "usage: ping serve ADDRESS PORT | ping ask ADDRESS PORT COUNT [SECONDS]\n");
        return 2;
    }
    struct timeval second = {1, 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second);
    connect(fd, (void *)&address, sizeof address);
    int wanted = atoi(arguments[4]), lost = 0, got = 0;
    int64_t *times = calloc(wanted + 1, sizeof *times);
    int64_t end = count == 6 ? now() + atol(arguments[5]) * 1000000000 : INT64_MAX;
    for (int i = -WARM_UP; i < wanted && lost < LOST_LIMIT && now() < end; i++) {
        int64_t time = round_trip(fd, i);
        if (time < 0) lost++;
        else if (i >= 0) times[got++] = time;
    }
    qsort(times, got, sizeof *times, ascending);
    printf("%d %lld %lld %lld %lld %lld\n", lost, (long long)times[got / 2], (long long)times[got * 99L / 100],
           (long long)times[got * 999L / 1000], (long long)times[got * 9999L / 10000],
           (long long)times[got ? got - 1 : 0]);
    return 0;
}
