/* Who may ask: tokens, devices and the codes that enrol them. Only hashes of secrets are stored. */
#ifndef COUNTERTOP_HQ_AUTH_H
#define COUNTERTOP_HQ_AUTH_H

#include "hq/core.h"

#define AUTH_HASH_SIZE 65 /* SHA-256 in hex */
#define AUTH_CODE_LIFE_MS ((int64_t)24 * 60 * 60 * 1000)

void auth_hash(const char *bytes, size_t length, char hash[AUTH_HASH_SIZE]);
/* A secret of 256 random bits behind a prefix that tells what it is. */
void auth_secret(struct hq *hq, const char *prefix, char secret[HQ_SECRET_SIZE]);

/* The caller behind the header Authorization; false if there is none. caller_free either way. */
bool caller_read(struct hq *hq, const char *authorization, struct caller *caller);
/* The caller of a token's id, as kept with a parked command: revoked meanwhile or not, since what
 * was accepted is not undone by an auth event. */
bool caller_of_token(struct hq *hq, const char *token, struct caller *caller);
void caller_free(struct caller *caller);
/* May it see what belongs to the store? */
bool caller_sees(const struct caller *caller, const char *store);
/* Does a store of the turn's caller serve the channel? Of every channel for one with every right. */
bool caller_serves(const struct turn *turn, const char *channel);
/* The feeds it follows, sorted: those of its stores and of the channels they serve, all for a caller with
 * every right. */
void caller_feeds(struct hq *hq, const struct caller *caller, struct names *feeds);

void auth_enrol(struct turn *turn); /* POST /v1/enrol */

#endif
