/* What went wrong between here and HQ, in words a person in a shop can act on. They are msgids: screens in
 * several languages may read what one syncer says, so whoever shows them translates. */
#ifndef COUNTERTOP_NET_TROUBLE_H
#define COUNTERTOP_NET_TROUBLE_H

#include "net/transport.h"

/* Room for the longest sentence in any language; as in console_counts. */
#define TROUBLE_SIZE 200

/* The sentence for an answer that was not the one hoped for. */
void trouble_of(const struct response *response, char text[TROUBLE_SIZE]);
/* Did HQ itself answer (however unwillingly), and not a web page or nothing at all? */
bool trouble_reached_hq(const struct response *response);
/* The last word of the problem's type (RFC 9457): epoch_changed for …/epoch_changed. "" if the
 * answer is no problem document. */
void trouble_type(const struct response *response, char *type, size_t size);
/* A sentence that is no answer's: cut at a character if it is too long. */
void trouble_say(char text[TROUBLE_SIZE], const char *sentence);

#endif
