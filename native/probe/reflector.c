/* SPDX-License-Identifier: Apache-2.0
 *
 * vmrpc-reflector: one blocking socket that sends each datagram back; the least that anybody can do. Says "ready" when it listens.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>

enum { FAILED = 1, WRONG_USAGE = 2, LONGEST = 65536 };

static int failed(const char *what)
{
    fprintf(stderr, "vmrpc-reflector: %s failed: %s\n", what, strerror(errno));
    return FAILED;
}

int main(int count, char **arguments)
{
    static char message[LONGEST];
    struct sockaddr_in local = {.sin_family = AF_INET}, from;
    if (count != 3 || inet_pton(AF_INET, arguments[1], &local.sin_addr) != 1 || atoi(arguments[2]) <= 0 || atoi(arguments[2]) > 65535) {
        fprintf(stderr, "use vmrpc-reflector ADDRESS PORT\n");
        return WRONG_USAGE;
    }
    local.sin_port = htons((uint16_t)atoi(arguments[2]));
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return failed("socket");
    if (bind(fd, (struct sockaddr *)&local, sizeof local))
        return failed("bind");
    if (mlockall(MCL_CURRENT | MCL_FUTURE))
        return failed("mlockall");
    puts("ready");
    fflush(stdout);
    for (;;) {
        socklen_t length = sizeof from;
        ssize_t bytes = recvfrom(fd, message, sizeof message, 0, (struct sockaddr *)&from, &length);
        if (bytes < 0 && errno != EINTR && errno != ECONNREFUSED)
            return failed("recvfrom");
        if (bytes >= 0)
            sendto(fd, message, (size_t)bytes, 0, (struct sockaddr *)&from, length); /* what cannot be sent is lost, as on any network */
    }
}
