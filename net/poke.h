/* Pokes: how the processes of one home tell each other that a database changed. Each has a datagram
 * socket in HOME/poke/. A poke is a hint and may get lost: everybody also looks once a second.
 *
 * Sockets are reached through /proc/self/fd, so a home's path may be as long as it likes. Where no
 * socket can be made (a read-only disk, some network file systems) everything here does nothing. */
#ifndef COUNTERTOP_NET_POKE_H
#define COUNTERTOP_NET_POKE_H

#include <stdbool.h>
#include <stddef.h>

#define POKE_NAME_SIZE 40
#define POKE_TEXT_SIZE 256

struct poke {
	int fd;     /* readable when poked; -1 if there is none */
	int folder; /* HOME/poke; -1 if there is none */
	char name[POKE_NAME_SIZE];
};

/* Words that go between the processes. */
#define POKE_CHANGED 'c' /* something changed */
#define POKE_PRESS 'p'   /* to the syncer: somebody wants it tried now */
#define POKE_ASK 'a'     /* to the syncer: push all, pull all, and tell me */
#define POKE_DONE 'd'    /* its answer */
#define POKE_FAILED 'f'  /* its answer; the reason follows */

/* False if there is no socket; the struct can be used all the same. */
bool poke_open(struct poke *poke, const char *home);
void poke_close(struct poke *poke);

/* Sends one word to every other socket of the home; sockets nobody holds any more are removed. */
void poke_all(struct poke *poke, char word);
/* Sends a word and a text to one of them by name. */
bool poke_one(struct poke *poke, const char *name, char word, const char *text);

struct poke_message {
	char word;
	char from[POKE_NAME_SIZE]; /* "" if unknown */
	char text[POKE_TEXT_SIZE];
};
/* The next message that waits; false if there is none. */
bool poke_take(struct poke *poke, struct poke_message *message);
/* Takes all that wait; true if there was one. */
bool poke_drain(struct poke *poke);

#endif
