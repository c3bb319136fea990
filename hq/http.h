/* The shell around hq_handle: HTTP by libmicrohttpd, one thread, one ppoll. It speaks plain HTTP; a
 * proxy that ends TLS stands in front where others than this machine are served.
 *
 * It holds 900 connections at most; http_guests.h says how long each may take and who goes when all
 * places are taken. A head is at most 32 KiB, a body 1 MiB. */
#ifndef COUNTERTOP_HQ_HTTP_H
#define COUNTERTOP_HQ_HTTP_H

#include "hq/hq.h"

struct http_options {
	const char *listen;             /* HOST:PORT; port 0 picks a free one */
	bool plain_anywhere;            /* may the address be another than loopback? */
	void (*ready)(const char *url); /* called once it answers */
};

/* Serves until SIGTERM, SIGINT or SIGHUP, then ends within seconds, open long-polls included. False
 * and a sentence if it cannot listen. */
bool http_serve(struct hq *hq, const struct http_options *options, char *error, size_t size);

#endif
