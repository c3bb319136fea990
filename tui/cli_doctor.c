#include "tui/cli_doctor.h"

#include "model/console_report.h"
#include "model/i18n.h"
#include "tui/cols.h"
#include "tui/keymap.h"
#include "tui/layout.h"
#include "tui/screen.h"
#include "tui/shop.h"
#include "tui/term.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#define MIB ((int64_t)1024 * 1024)
#define DISK_LEAST (16 * MIB)
#define DISK_GOOD (200 * MIB)
#define CLOCK_GOOD_MS 60000
#define ESCAPE_GOOD_MS 200
#define QUEUE_GOOD_MS ((int64_t)10 * 60 * 1000)
#define LABEL_COLS 12
#define SAID_BYTES 1200

enum finding { FINE, WARNED, FAILED };

/* Names of findings are the same in every language, as scripts look for them. */
static const struct {
	const char *word, *json;
} findings[] = {[FINE] = {"ok", "ok"}, [WARNED] = {"warn", "warn"}, [FAILED] = {"FAIL", "fail"}};

struct visit {
	const struct doctor *doctor;
	struct console_files files;
	struct doctor_hq hq;
	bool asked; /* hq holds an answer, or why there is none */
	bool failed;
	cJSON *checks;
};

/* What a check found: in words, and what to do about it, which may be NULL. */
struct told {
	enum finding finding;
	char said[SAID_BYTES];
	const char *to_do;
};

static struct told tell(enum finding finding, const char *to_do, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static struct told tell(enum finding finding, const char *to_do, const char *format, ...)
{
	struct told told = {.finding = finding, .to_do = to_do};
	va_list args;

	va_start(args, format);
	vsnprintf(told.said, sizeof told.said, format, args);
	va_end(args);
	return told;
}

/* ---- the terminal ---- */

static struct told check_terminal(struct visit *visit)
{
	const char *term = getenv("TERM");
	/* Without a terminal nobody wants to open the screen here. */
	enum finding bad = visit->doctor->out_is_terminal ? FAILED : WARNED;
	int colours;

	if (!term || term[0] == '\0')
		return tell(bad, _("set it to what this terminal is: export TERM=xterm-256color"),
			_("TERM is not set"));
	if (!term_kind(term, &colours))
		return tell(bad, _("set TERM to one it resembles: export TERM=xterm-256color"),
			_("the terminal %s is unknown here"), term);
	return tell(FINE, NULL, "%s", term);
}

static struct told check_colours(struct visit *visit)
{
	const char *term = getenv("TERM"), *none = getenv("NO_COLOR");
	int colours = 0;

	(void)visit;
	if (none && none[0])
		return tell(FINE, NULL, _("none, as NO_COLOR asks; signs and words do without"));
	if (!term || !term_kind(term, &colours) || colours < 8)
		return tell(FINE, NULL, _("none; signs and words do without"));
	return tell(FINE, NULL, _("%d colours"), colours);
}

static struct told check_utf8(struct visit *visit)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
	const char *value = NULL;

	(void)visit;
	for (size_t i = 0; i < sizeof names / sizeof *names && (!value || !value[0]); i++)
		value = getenv(names[i]);
	if (value && (strcasestr(value, "utf-8") || strcasestr(value, "utf8")))
		return tell(FINE, NULL, "%s", value);
	return tell(WARNED, _("set the terminal to UTF-8, and export LANG=C.UTF-8"),
		_("the session does not say that its terminal takes UTF-8, which is what it gets"));
}

static struct told check_escape(struct visit *visit)
{
	const char *delay = getenv("ESCDELAY");

	(void)visit;
	if (!delay || !delay[0])
		return tell(FINE, NULL, _("the Esc key answers after %d ms"), TERM_ESCAPE_DELAY_MS);
	if (strtol(delay, NULL, 10) > ESCAPE_GOOD_MS)
		return tell(WARNED, "unset ESCDELAY",
			_("ESCDELAY is %s: so many ms pass before Esc does anything"), delay);
	return tell(FINE, NULL, _("ESCDELAY is %s"), delay);
}

static struct told check_window(struct visit *visit)
{
	struct winsize size = {0};

	if (!visit->doctor->out_is_terminal || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 ||
		size.ws_row == 0)
		return tell(FINE, NULL, _("not known: this is not written to a terminal"));
	if (size.ws_row < LAYOUT_MIN_ROWS || size.ws_col < LAYOUT_MIN_COLS)
		return tell(FAILED, _("make the window larger, or its letters smaller"),
			_("%d by %d; the screen needs %d by %d"), size.ws_col, size.ws_row,
			LAYOUT_MIN_COLS, LAYOUT_MIN_ROWS);
	return tell(FINE, NULL, _("%d by %d"), size.ws_col, size.ws_row);
}

static struct told check_keys(struct visit *visit)
{
	static char errors[KEYMAP_ERRORS_BYTES];
	const char *keys = visit->doctor->keys;
	struct keymap *keymap = keymap_new(&screen_catalog);
	bool good = keymap && keymap_load(keymap, "default", errors);

	if (good && keys && strcmp(keys, "default") != 0)
		good = keymap_load(keymap, keys, errors);
	keymap_free(keymap);
	if (good)
		return tell(FINE, NULL, "%s", keys ? keys : _("the built-in keys"));
	errors[strcspn(errors, "\n")] = '\0';
	return tell(FAILED, _("correct that line, or start without --keys"), "%s", errors);
}

/* ---- the home ---- */

static struct told check_home(struct visit *visit)
{
	static char command[PATH_MAX + 80];
	const char *home = visit->doctor->home;
	struct stat info;

	if (!home)
		return tell(FAILED, _("say which: --home DIR"), _("there is no home folder"));
	if (stat(home, &info) != 0 && errno == ENOENT)
		return tell(WARNED, _("countertop enrol makes it"), _("%s is not there yet"), home);
	if (stat(home, &info) != 0 || !S_ISDIR(info.st_mode))
		return tell(FAILED, _("say another: --home DIR"), _("%s is not a folder"), home);
	if (info.st_uid != geteuid())
		return tell(FAILED, _("log in as that account, or give the folder to this one"),
			_("%s belongs to another user"), home);
	snprintf(command, sizeof command, "chmod 700 %s", home);
	if (info.st_mode & 022)
		return tell(FAILED, command, _("others can write to %s"), home);
	if (access(home, R_OK | W_OK | X_OK) != 0)
		return tell(FAILED, _("nothing can be saved here: make the folder writable"),
			_("%s cannot be written: %s"), home, strerror(errno));
	if (info.st_mode & 055)
		return tell(WARNED, command, _("others can look into %s"), home);
	return tell(FINE, NULL, "%s", home);
}

/* The folder itself, or the nearest one above it that is there. */
static bool look_at_disk(const char *home, struct statvfs *disk)
{
	char path[PATH_MAX];
	char *slash;

	snprintf(path, sizeof path, "%s", home);
	while (statvfs(path, disk) != 0) {
		slash = strrchr(path, '/');
		if (!slash)
			return false;
		slash[slash == path] = '\0';
		if (slash == path)
			return statvfs("/", disk) == 0;
	}
	return true;
}

static struct told check_disk(struct visit *visit)
{
	struct statvfs disk;
	int64_t room;

	if (!visit->doctor->home || !look_at_disk(visit->doctor->home, &disk))
		return tell(WARNED, NULL, _("the room on the disk cannot be told"));
	room = (int64_t)disk.f_bavail * (int64_t)disk.f_frsize;
	if (disk.f_files > 0 && disk.f_favail == 0)
		return tell(FAILED, _("delete files that are not needed"),
			_("the disk takes no more files"));
	if (room < DISK_GOOD)
		return tell(room < DISK_LEAST ? FAILED : WARNED,
			_("make room: what cannot be written cannot be saved"), _("%lld MiB free"),
			(long long)(room / MIB));
	return tell(FINE, NULL, _("%lld MiB free"), (long long)(room / MIB));
}

static struct told cannot_read(const struct console_file *file)
{
	if (file->failure == DB_BUSY)
		return tell(WARNED, _("try again"), _("another process holds it"));
	return tell(FAILED, _("see to its permissions and to the disk"), _("cannot be read: %s"),
		file->trouble);
}

static struct told check_outbox(struct visit *visit)
{
	const struct console_file *file = &visit->files.outbox;

	if (!file->is_there)
		return tell(FINE, NULL, _("there is none yet"));
	if (file->failure == DB_CORRUPT)
		return tell(FAILED,
			_("do not delete it: it may hold what HQ has not got. Save what it holds: countertop rescue"),
			_("it is damaged: %s"), file->trouble);
	if (!file->is_sound)
		return cannot_read(file);
	if (file->version != file->expected)
		return tell(FAILED, _("use the program that wrote it"),
			_("it has version %lld and this program reads %lld"),
			(long long)file->version, (long long)file->expected);
	return tell(FINE, NULL, _("sound, version %lld, %lld commands wait"),
		(long long)file->version, (long long)visit->files.unsent);
}

static struct told check_cache(struct visit *visit)
{
	const struct console_file *file = &visit->files.cache;

	if (!file->is_there)
		return tell(FINE, NULL, _("there is none yet; it comes from HQ"));
	if (file->failure == DB_CORRUPT)
		return tell(FAILED,
			_("delete cache.db*: it comes back from HQ, and nothing is lost"),
			_("it is damaged: %s"), file->trouble);
	if (!file->is_sound)
		return cannot_read(file);
	if (file->version != file->expected)
		return tell(WARNED, _("nothing: it is fetched from HQ anew at the next start"),
			_("it has version %lld and this program reads %lld"),
			(long long)file->version, (long long)file->expected);
	return tell(FINE, NULL, _("sound, version %lld"), (long long)file->version);
}

/* What waits there goes to HQ by itself; what HQ refused or parked is for people. */
static struct told check_queue(struct visit *visit)
{
	const struct console_queue *queue = &visit->files.queue;
	int64_t age_ms = (int64_t)time(NULL) * 1000 - queue->oldest_ms;
	char age[40];

	if (visit->files.outbox.is_there && !visit->files.outbox.is_sound)
		return tell(WARNED, NULL, _("not checked: the outbox cannot be read"));
	shop_age(age_ms > 0 ? age_ms : 0, age, sizeof age);
	if (visit->files.unsent > 0 && age_ms > QUEUE_GOOD_MS)
		return tell(WARNED, _("see what is said of HQ below; they go by themselves then"),
			_("%lld commands wait, the oldest for %s"), (long long)visit->files.unsent,
			age);
	if (queue->rejected + queue->parked > 0)
		return tell(WARNED, _("look into the inbox of the screen"),
			_("HQ refused %lld commands and parked %lld"), (long long)queue->rejected,
			(long long)queue->parked);
	if (visit->files.unsent > 0)
		return tell(FINE, NULL, _("%lld commands wait, none of them for long"),
			(long long)visit->files.unsent);
	return tell(FINE, NULL, _("nothing waits, and HQ refused nothing"));
}

/* Sockets are reached through /proc, so that no path is too long for them. */
static struct told check_sockets(struct visit *visit)
{
	(void)visit;
	if (access("/proc/self/fd", R_OK | X_OK) != 0)
		return tell(WARNED, _("mount /proc"),
			_("screens and the syncer cannot wake each other, and look once a second only"));
	return tell(FINE, NULL, _("screens and the syncer can wake each other"));
}

/* ---- HQ ---- */

/* Who HQ is stands in the outbox: while that cannot be read, enrolling anew would be the wrong advice. */
static bool outbox_is_closed(const struct visit *visit)
{
	const struct console_file *file = &visit->files.outbox;

	return file->is_there && !visit->files.is_enrolled &&
		(!file->is_sound || file->failure == DB_CORRUPT || file->version != file->expected);
}

static struct told check_enrolment(struct visit *visit)
{
	const struct console_device *device = &visit->files.device;

	if (outbox_is_closed(visit))
		return tell(WARNED, NULL, _("not checked: the outbox cannot be read"));
	if (!visit->files.is_enrolled)
		return tell(WARNED, _("get a code from HQ, then: countertop enrol URL CODE"),
			_("this home is not enrolled at HQ"));
	return tell(FINE, NULL, _("as %s at %s"), device->device, device->url);
}

static void ask_hq(struct visit *visit)
{
	const struct console_device *device = &visit->files.device;

	if (!visit->files.is_enrolled)
		return;
	visit->asked = true;
	visit->doctor->ask_hq(visit->doctor->ctx, device->url, device->token, &visit->hq);
}

static struct told not_asked(const struct visit *visit)
{
	if (outbox_is_closed(visit))
		return tell(WARNED, NULL, _("not checked: the outbox cannot be read"));
	if (!visit->asked)
		return tell(WARNED, NULL, _("not checked: this home is not enrolled"));
	return tell(WARNED, NULL, _("not checked: HQ did not say"));
}

static struct told check_hq(struct visit *visit)
{
	const struct doctor_hq *hq = &visit->hq;

	if (!visit->asked)
		return not_asked(visit);
	if (!hq->reached)
		return tell(
			FAILED, _("check the line and the address"), "%s", gettext(hq->trouble));
	if (hq->let_in && !hq->read)
		return tell(FAILED, _("ask HQ"), "%s", gettext(hq->trouble));
	return tell(FINE, NULL, _("it answered in %lld ms"), (long long)hq->took_ms);
}

static struct told check_contract(struct visit *visit)
{
	const struct doctor_hq *hq = &visit->hq;

	if (!hq->read)
		return not_asked(visit);
	if (!hq->speaks)
		return tell(FAILED, _("bring the older of the two up to date"),
			_("HQ speaks version %s, and this program does not"),
			hq->versions[0] ? hq->versions : "?");
	return tell(FINE, NULL, _("version %s"), hq->versions);
}

static struct told check_token(struct visit *visit)
{
	const struct doctor_hq *hq = &visit->hq;

	if (!visit->asked || !hq->reached)
		return not_asked(visit);
	if (!hq->let_in)
		return tell(FAILED, _("get a new code from HQ, then: countertop enrol URL CODE"),
			_("HQ does not accept this console"));
	return hq->read ? tell(FINE, NULL, _("HQ accepts it")) : not_asked(visit);
}

static struct told check_clock(struct visit *visit)
{
	int64_t off_ms = visit->hq.ahead_ms;
	long long seconds = (long long)(off_ms < 0 ? -off_ms : off_ms) / 1000;

	if (!visit->hq.read)
		return not_asked(visit);
	if (off_ms > CLOCK_GOOD_MS || off_ms < -CLOCK_GOOD_MS)
		return tell(WARNED, _("set it: timedatectl set-ntp true"),
			off_ms > 0 ? _("this machine's clock is %lld s behind HQ's")
				   : _("this machine's clock is %lld s ahead of HQ's"),
			seconds);
	return tell(FINE, NULL, _("within a minute of HQ's"));
}

static struct told check_syncer(struct visit *visit)
{
	int64_t since_ms, age_ms = (int64_t)time(NULL) * 1000 - visit->files.queue.oldest_ms;
	int64_t pid = visit->doctor->home ? console_syncer(visit->doctor->home, &since_ms) : 0;

	if (visit->doctor->home && visit->doctor->syncer_runs(visit->doctor->ctx)) {
		/* HQ takes what is sent, and nothing is: whoever holds the home does not work. */
		if (visit->files.unsent > 0 && age_ms > QUEUE_GOOD_MS && visit->hq.read && pid > 0)
			return tell(WARNED,
				_("end that process with kill; the next screen starts another"),
				_("process %lld runs, and yet nothing is sent"), (long long)pid);
		return pid > 0 ? tell(FINE, NULL, _("it runs, process %lld"), (long long)pid)
			       : tell(FINE, NULL, _("it runs"));
	}
	if (visit->files.unsent > 0)
		return tell(WARNED, _("open a screen, or start one: countertop sync"),
			_("none runs, and %lld commands wait"), (long long)visit->files.unsent);
	return tell(FINE, NULL, _("none runs; the next screen starts one"));
}

/* ---- all of them ---- */

static const struct {
	const char *name; /* in JSON; stable */
	const char *label;
	struct told (*look)(struct visit *visit);
} checks[] = {
	{"terminal", N_("terminal"), check_terminal},
	{"utf8", N_("UTF-8"), check_utf8},
	{"colours", N_("colours"), check_colours},
	{"window", N_("window"), check_window},
	{"escape", N_("Esc key"), check_escape},
	{"keys", N_("keys"), check_keys},
	{"home", N_("home"), check_home},
	{"disk", N_("disk"), check_disk},
	{"outbox", N_("outbox"), check_outbox},
	{"queue", N_("queue"), check_queue},
	{"cache", N_("cache"), check_cache},
	{"sockets", N_("sockets"), check_sockets},
	{"enrolment", N_("enrolment"), check_enrolment},
	{"hq", N_("HQ"), check_hq},
	{"contract", N_("contract"), check_contract},
	{"token", N_("token"), check_token},
	{"clock", N_("clock"), check_clock},
	{"syncer", N_("syncer"), check_syncer},
};

static void print_line(const struct visit *visit, const char *label, const struct told *told)
{
	char line[SAID_BYTES * 2], clean[SAID_BYTES * 3], padded[COLS_LINE_BYTES];

	snprintf(line, sizeof line, "%s%s%s", told->said, told->to_do ? " \u2014 " : "",
		told->to_do ? told->to_do : "");
	cols_clean(clean, sizeof clean, line);
	cols_pad(padded, sizeof padded, LABEL_COLS, label);
	fprintf(visit->doctor->out, "%-5s %s%s\n", findings[told->finding].word, padded, clean);
	fflush(visit->doctor->out); /* HQ may take its time. */
}

static void add_json(struct visit *visit, const char *name, const struct told *told)
{
	cJSON *check = cJSON_CreateObject();
	char clean[SAID_BYTES * 3];

	/* Words of SQLite and of the system may hold bytes that are no text. */
	cols_clean(clean, sizeof clean, told->said);
	cJSON_AddStringToObject(check, "check", name);
	cJSON_AddStringToObject(check, "status", findings[told->finding].json);
	cJSON_AddStringToObject(check, "said", clean);
	if (told->to_do)
		cJSON_AddStringToObject(check, "to_do", told->to_do);
	cJSON_AddItemToArray(visit->checks, check);
}

static void print_json(struct visit *visit)
{
	cJSON *all = cJSON_CreateObject();
	char *text;

	cJSON_AddBoolToObject(all, "ok", !visit->failed);
	cJSON_AddItemToObject(all, "checks", visit->checks);
	text = cJSON_PrintUnformatted(all);
	fprintf(visit->doctor->out, "%s\n", text ? text : "{}");
	cJSON_free(text);
	cJSON_Delete(all);
}

enum cli_exit cli_doctor(const struct doctor *doctor)
{
	struct visit visit = {.doctor = doctor};

	if (doctor->json)
		visit.checks = cJSON_CreateArray();
	if (doctor->home)
		console_examine(doctor->home, &visit.files);
	for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
		struct told told;

		if (checks[i].look == check_hq)
			ask_hq(&visit);
		told = checks[i].look(&visit);
		visit.failed = visit.failed || told.finding == FAILED;
		if (doctor->json)
			add_json(&visit, checks[i].name, &told);
		else
			print_line(&visit, gettext(checks[i].label), &told);
	}
	if (doctor->json)
		print_json(&visit);
	console_files_free(&visit.files);
	return visit.failed ? CLI_FAILED : CLI_APPLIED;
}
