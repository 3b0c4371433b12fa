/* The listening socket: an address of this machine and a port, with the options that accepted sockets inherit. */
#ifndef WEB_LISTEN_H
#define WEB_LISTEN_H

#include "base/err.h"

/* port 0: any free one. *out is a descriptor the caller closes. */
MUST_USE bool listen_on(const char *address, int port, int *out, int *bound_port, struct err *err);

#endif
