#include "web/listen.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PEER_GONE_MS = 60000, BACKLOG = 1024 };

static bool bind_socket(const struct addrinfo *at, int *out)
{
	int on = 1, off = 0, gone = PEER_GONE_MS;
	int fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return false;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (at->ai_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
	/* accepted sockets inherit both; without the first, TLS answers wait 40 ms for an acknowledgement */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &gone, sizeof gone);
	if (bind(fd, at->ai_addr, at->ai_addrlen) != 0 || listen(fd, BACKLOG) != 0) {
		int why = errno;
		close(fd);
		errno = why;
		return false;
	}
	*out = fd;
	return true;
}

bool listen_on(const char *address, int port, int *out, int *bound_port, struct err *err)
{
	struct addrinfo hints = {.ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_PASSIVE | AI_NUMERICSERV};
	struct addrinfo *found = NULL;
	struct sockaddr_storage bound;
	socklen_t n = sizeof bound;
	char service[16];

	snprintf(service, sizeof service, "%d", port);
	int failed = getaddrinfo(address, service, &hints, &found);
	if (failed)
		return err_set(err, ERR_INPUT, "address", "\"%s\" is not an address of this machine: %s",
			address, gai_strerror(failed));
	bool done = bind_socket(found, out);
	int why = errno;
	freeaddrinfo(found);
	if (!done)
		return err_set(err, ERR_SYSTEM, "address", "could not listen on %s port %s: %s", address,
			service, strerror(why));
	getsockname(*out, (struct sockaddr *)&bound, &n);
	*bound_port = ntohs(bound.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&bound)->sin6_port
													: ((struct sockaddr_in *)&bound)->sin_port);
	return true;
}
