/*
 * From a saved change to every open page: opens many event streams, makes changes one after another, takes the time from
 * sending each change until each stream has its event. One thread, epoll; it shares the machine with the server.
 *
 * usage: bench_http PORT COOKIE CSRF STREAMS CHANGES     prints one line: milliseconds
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/num.h"
#include "base/os.h"

static int port;
static const char *cookie, *csrf;

static void give_up(const char *what)
{
	fprintf(stderr, "bench_http: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int dial(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr = {htonl(INADDR_LOOPBACK)}};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

	if (fd < 0 || connect(fd, (struct sockaddr *)&at, sizeof at) != 0)
		give_up("could not connect");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	return fd;
}

static void send_all(int fd, const char *text)
{
	size_t n = strlen(text);

	if (write(fd, text, n) != (ssize_t)n)
		give_up("could not send");
}

static int open_stream(void)
{
	char request[600], answer[4096];
	int fd = dial();

	snprintf(request, sizeof request,
		"GET /api/stream HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nCookie: %s\r\n\r\n", port, cookie);
	send_all(fd, request);
	ssize_t n = read(fd, answer, sizeof answer - 1);
	if (n <= 0)
		give_up("no stream");
	answer[n] = 0;
	if (strncmp(answer, "HTTP/1.1 200", 12) != 0) {
		fprintf(stderr, "%s\n", answer);
		exit(1);
	}
	return fd;
}

static void send_change(int fd, int i)
{
	char body[200], request[1000];

	snprintf(
		body, sizeof body, "{\"fields\":{\"title\":\"推送试验 %d\",\"category\":\"other\"}}", i);
	snprintf(request, sizeof request,
		"POST /api/r/project HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nCookie: %s\r\nX-CSRF-Token: %s\r\n"
		"Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
		port, cookie, csrf, strlen(body), body);
	send_all(fd, request);
}

/* Takes events until every stream has one more change; *took gets a time for each. */
static void collect(int epoll, int streams, char *seen, int64_t began, int32_t *took)
{
	struct epoll_event events[256];
	char text[8192];
	int left = streams;

	memset(seen, 0, (size_t)streams);
	while (left) {
		int n = epoll_wait(epoll, events, 256, 10000);
		if (n <= 0)
			give_up("a stream got nothing within 10 s");
		for (int i = 0; i < n; i++) {
			int stream = events[i].data.u32 >> 16, fd = events[i].data.u32 & 0xffff;
			ssize_t got = read(fd, text, sizeof text - 1);
			if (got <= 0)
				give_up("a stream ended");
			text[got] = 0;
			if (!seen[stream] && strstr(text, "event: change")) {
				seen[stream] = 1;
				*took++ = (int32_t)(os_monotonic_us() - began);
				left--;
			}
		}
	}
}

static int by_size(const void *a, const void *b)
{
	int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

	return (x > y) - (x < y);
}

static int number(const char *text)
{
	int64_t n = 0;

	if (!num_int(slice_of(text), &n) || n < 1 || n > 60000) {
		fprintf(stderr, "bench_http: \"%s\" is not a number from 1 to 60000\n", text);
		exit(2);
	}
	return (int)n;
}

int main(int argc, char **argv)
{
	if (argc != 6) {
		fprintf(stderr, "usage: bench_http PORT COOKIE CSRF STREAMS CHANGES\n");
		return 2;
	}
	port = number(argv[1]);
	cookie = argv[2];
	csrf = argv[3];
	int streams = number(argv[4]), changes = number(argv[5]), epoll = epoll_create1(EPOLL_CLOEXEC),
		writer = dial();
	struct rlimit limit;
	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	for (int i = 0; i < streams; i++) {
		int fd = open_stream();
		struct epoll_event event = {
			.events = EPOLLIN, .data = {.u32 = (uint32_t)i << 16 | (uint32_t)fd}};
		epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
	}
	int32_t *took = calloc((size_t)streams * (size_t)changes, sizeof *took);
	char *seen = calloc(1, (size_t)streams), answer[65536];
	if (!took || !seen)
		give_up("no memory");
	for (int i = 0; i < changes; i++) {
		int64_t began = os_monotonic_us();
		send_change(writer, i);
		collect(epoll, streams, seen, began, took + (size_t)i * (size_t)streams);
		if (read(writer, answer, sizeof answer) <= 0)
			give_up("the change was not answered");
	}
	size_t n = (size_t)streams * (size_t)changes;
	qsort(took, n, sizeof *took, by_size);
	printf("%d streams, %d changes: first %.2f ms, median %.2f ms, p99 %.2f ms, last %.2f ms\n",
		streams, changes, took[0] / 1000.0, took[n / 2] / 1000.0, took[n * 99 / 100] / 1000.0,
		took[n - 1] / 1000.0);
	return 0;
}
