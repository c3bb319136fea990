#include "hq/http_listen.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool parse_port(const char *text, int *port)
{
	size_t digits = strspn(text, "0123456789");

	*port = digits > 0 && digits < 6 && !text[digits] ? (int)strtol(text, NULL, 10) : -1;
	return *port >= 0 && *port <= 65535;
}

static bool parse_ipv4(const char *host, struct listen_address *address)
{
	struct sockaddr_in *in = (struct sockaddr_in *)&address->socket;

	in->sin_family = AF_INET;
	in->sin_port = htons((uint16_t)address->port);
	if (inet_pton(AF_INET, strcmp(host, "localhost") == 0 ? "127.0.0.1" : host,
		    &in->sin_addr) != 1)
		return false;
	address->loopback = ntohl(in->sin_addr.s_addr) >> 24 == 127;
	return true;
}

static bool parse_ipv6(const char *host, struct listen_address *address)
{
	struct sockaddr_in6 *in = (struct sockaddr_in6 *)&address->socket;
	char plain[64];
	size_t length = strlen(host);

	if (length < 4 || host[0] != '[' || host[length - 1] != ']')
		return false;
	snprintf(plain, sizeof(plain), "%.*s", (int)(length - 2), host + 1);
	memset(&address->socket, 0, sizeof(address->socket));
	in->sin6_family = AF_INET6;
	in->sin6_port = htons((uint16_t)address->port);
	if (inet_pton(AF_INET6, plain, &in->sin6_addr) != 1)
		return false;
	address->loopback = IN6_IS_ADDR_LOOPBACK(&in->sin6_addr);
	return true;
}

bool listen_parse(const char *text, struct listen_address *address, char *error, size_t size)
{
	const char *colon = strrchr(text, ':');

	memset(address, 0, sizeof(*address));
	if (colon && parse_port(colon + 1, &address->port) &&
		colon - text < (int)sizeof(address->host)) {
		snprintf(address->host, sizeof(address->host), "%.*s", (int)(colon - text), text);
		if (parse_ipv4(address->host, address) || parse_ipv6(address->host, address))
			return true;
	}
	snprintf(
		error, size, "cannot listen on %s: write it as 127.0.0.1:8080 or [::1]:8080", text);
	return false;
}
