/* The transport over libcurl: one connection a slot, certificates checked, no redirects, answers
 * capped. Plain http goes to this machine only. */
#ifndef COUNTERTOP_NET_TRANSPORT_CURL_H
#define COUNTERTOP_NET_TRANSPORT_CURL_H

#include "net/transport.h"

struct transport_curl;

/* How long a silent line is borne. An answer that comes slower than this many bytes a second, for this
 * many seconds, ends as FAULT_TIMEOUT, unless HQ may be silent on purpose; the whole exchange has the
 * limit of its request besides. */
struct transport_limits {
	long connect_ms, slow_bytes_per_s, slow_for_s;
};
#define TRANSPORT_LIMITS ((struct transport_limits){10000, 50, 20})

/* NULL if libcurl cannot be started. */
struct transport_curl *transport_curl_open(void);
void transport_curl_close(struct transport_curl *curl);
/* For the requests from now on; TRANSPORT_LIMITS until then. */
void transport_curl_limit(struct transport_curl *curl, const struct transport_limits *limits);
/* Valid while `curl` is open. */
struct transport transport_curl_of(struct transport_curl *curl);
/* Waits until an answer moved, one of the descriptors can be read, or the time is over. */
void transport_curl_wait(struct transport_curl *curl, const int *fds, int fd_count, int timeout_ms);

/* Is this an address a token may be sent to? FAULT_NONE, FAULT_INSECURE or FAULT_BAD_URL. */
enum transport_fault transport_curl_check(const char *url);

#endif
