/* What a person is told of the line, the queue and the files: the sync pane and `countertop doctor`
 * read it here. Nothing in this module changes anything. */
#ifndef COUNTERTOP_MODEL_CONSOLE_REPORT_H
#define COUNTERTOP_MODEL_CONSOLE_REPORT_H

#include "model/console.h"
#include "model/table.h"

/* ---- the line ---- */

/* Times are HQ's, 0 if not known. Texts of HQ are untrusted. */
struct console_line {
	char url[300]; /* "" before enrolment */
	char device[COMMAND_ID_MAX + 1];
	char epoch[COMMAND_ID_MAX + 1];
	bool online;
	char trouble[200];
	int64_t since_ms;  /* since when it is up or down */
	int64_t next_ms;   /* the next try; 0 if none is waited for */
	int64_t pulled_ms; /* when the cache was last up to date */
	char cursor[200];
	bool is_whole_copy; /* all is fetched anew, beside what is here */
	int64_t staged;     /* rows fetched of a landing that has not come, about */
	int64_t aside;      /* rows of a newer HQ that this program cannot read */
	char aside_tables[200];
	int64_t odd[CONSOLE_ODD_COUNT];
	char last_trouble[200]; /* perhaps long past; "" if there was none */
	int64_t last_trouble_ms;
	int64_t syncer;          /* its process; 0 if none runs for this home */
	int64_t syncer_since_ms; /* by this machine's clock */
};
/* The process that syncs this home, and since when by this machine's clock; 0 if none runs. */
int64_t console_syncer(const char *home, int64_t *since_ms);
void console_read_line(struct console *console, struct console_line *line);

/* ---- the queue ---- */

struct console_queue {
	int64_t waiting;   /* never sent */
	int64_t sent;      /* sent, not answered */
	int64_t applied;   /* answered, and not in HQ's rows here yet */
	int64_t rejected;  /* not dismissed */
	int64_t parked;    /* not dismissed */
	int64_t all;       /* ever made here */
	int64_t oldest_ms; /* `at` of the oldest not answered; 0 if none */
};
void console_read_queue(struct console *console, struct console_queue *queue);

/* ---- the feeds ---- */

#define CONSOLE_FEEDS_MAX 128

struct console_feed {
	char name[FEED_NAME_MAX];
	int64_t position;
	bool is_followed;
	int64_t rows;  /* that stand here, local work included */
	int64_t aside; /* kept aside, see above */
};
/* Those this device follows or once followed, by name, at most `most`; how many. Counting reads every row once: not for each frame. */
int console_feeds(struct console *console, struct console_feed *feeds, int most);

/* ---- the files of a home, whether or not they can be used ---- */

struct console_file {
	bool is_there;
	bool is_sound;           /* it could be read to its end, and nothing was found */
	enum db_failure failure; /* why not */
	char trouble[300];       /* in SQLite's words; "" if none */
	int64_t version, expected;
};

struct console_files {
	struct console_file outbox, cache;
	bool is_enrolled;
	struct console_device device; /* of an outbox that can be read */
	struct console_queue queue;   /* of such an outbox too */
	int64_t unsent;
};
/* Opens both for reading only. End with console_files_free. */
void console_examine(const char *home, struct console_files *files);
void console_files_free(struct console_files *files);

#endif
