/*
 * The terminal: started, read, suspended, resized, and put back whatever happens.
 *
 * Signals: term_start blocks SIGWINCH, SIGTERM, SIGHUP, SIGTSTP, SIGCONT, SIGINT and SIGQUIT; they
 * are let in only inside term_wait, where each leaves one byte. A crash (SIGSEGV and its kind) writes
 * one prepared string and one tcsetattr, then dies of the same signal.
 */
#ifndef COUNTERTOP_TUI_TERM_H
#define COUNTERTOP_TUI_TERM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How long a lone Esc waits for the rest of a key, unless ESCDELAY says otherwise. */
#define TERM_ESCAPE_DELAY_MS 50

#define TERM_PASTE_BYTES 16384

enum term_event_kind {
	TERM_KEY,
	TERM_PASTE /* the text is in term_paste_text until the next term_read */
};

struct term_event {
	enum term_event_kind kind;
	int32_t key; /* see key.h */
};

/* NULL, or why it cannot start. `theme` as draw_theme. */
const char *term_start(const char *theme);
void term_stop(void);
/* Leaves the screen, stops the process as Ctrl-Z does, and comes back when it is continued. */
void term_suspend(void);
/* Reads the window's size again. */
void term_resize(void);
void term_size(int *rows, int *cols);
/* Paints everything anew on the next frame: the line noise key. */
void term_redraw(void);

enum term_ready {
	TERM_READY_INPUT = 1,
	TERM_READY_WAKE = 2,
	TERM_READY_RESIZE = 4,
	TERM_READY_SUSPEND = 8,
	TERM_READY_CONTINUED = 16,
	TERM_READY_END = 32, /* SIGTERM or SIGHUP */
	TERM_READY_GONE = 64 /* the terminal is no longer there */
};
/* The one blocking call: waits for input, `wake_fd` (-1: none), a signal, or the timeout (-1: none).
 * Returns the bits of enum term_ready. */
unsigned term_wait(int wake_fd, int64_t timeout_ms);

/* Drains what was typed. Returns the number of events, at most `max`; call again if it is `max`. */
size_t term_read(struct term_event *out, size_t max);
const char *term_paste_text(void);

/* Is there such a kind of terminal (a value of TERM)? How many colours it has; 0 is none. It needs no
 * terminal and may be called before term_start only. */
bool term_kind(const char *name, int *colours);

/* Whether keys come over ssh, where a scan arrives in pieces. */
bool term_is_remote(void);

#endif
