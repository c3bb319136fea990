#include "net/run.h"

#include "model/db.h"
#include "model/i18n.h"
#include "net/poke.h"
#include "net/transport_curl.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define STEP_MOST_MS 1000
#define HANG_S 600         /* for one step: the landing of a huge copy on a slow disk is shorter */
#define LINGER_MS 2000     /* a syncer stays this long without screens, for one just starting */
#define TIDY_AFTER_MS 3000 /* of quiet, before the logs are folded into the files */
#define ASK_AGAIN_MS 2000
#define ASKERS_MAX 16

/* ---- clocks, locks ---- */

static int64_t clock_ms(clockid_t id)
{
	struct timespec time;

	clock_gettime(id, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

struct sync_time run_now(void)
{
	return (struct sync_time){
		.wall_ms = clock_ms(CLOCK_REALTIME), .boot_ms = clock_ms(CLOCK_BOOTTIME)};
}

const char *run_boot(void)
{
	static char id[64];
	FILE *file = id[0] ? NULL : fopen("/proc/sys/kernel/random/boot_id", "re");

	if (file) {
		if (!fgets(id, sizeof id, file))
			id[0] = '\0';
		id[strcspn(id, "\n")] = '\0';
		fclose(file);
	}
	return id[0] ? id : NULL;
}

/* -1 if another holds it (errno is EWOULDBLOCK then) or the file cannot be had. */
static int take_lock(const char *home, const char *name, int how)
{
	struct text path = TEXT_INIT(TEXT_SMALL);
	int fd;

	text_addf(&path, "%s/%s", home, name);
	fd = text_ok(&path) ? open(text_get(&path), O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
	text_free(&path);
	if (fd >= 0 && flock(fd, how | LOCK_NB) == 0)
		return fd;
	if (fd >= 0) {
		int why = errno;

		close(fd);
		errno = why;
	}
	return -1;
}

int run_screen_enter(const char *home)
{
	return take_lock(home, "screens.lock", LOCK_SH);
}

/* Says in the file which process holds it, for people; a full disk takes no harm to anything else. */
static bool sign_lock(int fd, const char *word)
{
	return fd >= 0 && ftruncate(fd, 0) == 0 && write(fd, word, strlen(word)) > 0;
}

static int take_syncer_lock(const char *home)
{
	char pid[24];
	int fd = take_lock(home, "syncer.lock", LOCK_EX);

	snprintf(pid, sizeof pid, "%lld\n", (long long)getpid());
	sign_lock(fd, pid);
	return fd;
}

/* Somebody may take the whole home away, or put another in its place: what this process holds open then is
 * nobody's any more, and its words must not reach the new one. */
static bool home_is_ours(int lock, const char *home)
{
	struct stat held, there;
	struct text path = TEXT_INIT(TEXT_SMALL);
	bool ours;

	text_addf(&path, "%s/syncer.lock", home);
	ours = fstat(lock, &held) == 0 && stat(text_get(&path), &there) == 0 &&
		held.st_dev == there.st_dev && held.st_ino == there.st_ino;
	text_free(&path);
	return ours;
}

static bool screens_there(const char *home)
{
	int fd = take_lock(home, "screens.lock", LOCK_EX);

	if (fd < 0)
		return true;
	close(fd);
	return false;
}

bool run_alone(const char *home)
{
	return take_lock(home, "syncer.lock", LOCK_EX) >= 0 &&
		take_lock(home, "screens.lock", LOCK_EX) >= 0;
}

bool run_is_running(const char *home)
{
	int fd = take_lock(home, "syncer.lock", LOCK_SH);

	if (fd < 0)
		return errno == EWOULDBLOCK;
	close(fd);
	return false;
}

/* ---- starting one ---- */

/* In the grandchild: nothing of the terminal or of the databases goes along. */
static void become_syncer(const char *home)
{
	int null = open("/dev/null", O_RDWR);
	sigset_t none;

	setsid();
	if (chdir("/") != 0 || null < 0)
		_exit(1);
	for (int fd = 0; fd <= 2; fd++)
		dup2(null, fd);
	closefrom(3);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execl("/proc/self/exe", "countertop", "sync", "--service", "--home", home, (char *)NULL);
	_exit(1);
}

bool run_start(const char *home)
{
	char *whole = realpath(home, NULL);
	int status = 0;
	pid_t child;

	if (!whole || run_is_running(home)) {
		bool runs = whole != NULL;

		free(whole);
		return runs;
	}
	child = fork();
	if (child == 0) {
		pid_t grandchild = fork();

		if (grandchild == 0)
			become_syncer(whole);
		_exit(grandchild < 0 ? 1 : 0);
	}
	free(whole);
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* ---- the loop around the step function ---- */

struct run {
	struct console console;
	struct syncer syncer;
	struct transport_curl *curl;
	struct poke poke;
	int lock;
	int signals; /* -1 if none are minded */
	bool ending;
	char askers[ASKERS_MAX][POKE_NAME_SIZE];
	int asker_count;
	int64_t busy_ms; /* when there last was something to do */
	bool tidy;
	int64_t alone_ms; /* since when no screen is there; 0: one is */
	const struct run_watch *watch;
};

static void env_random(void *ctx, void *bytes, size_t size)
{
	(void)ctx;
	if (getrandom(bytes, size, 0) != (ssize_t)size)
		memset(bytes, 0, size);
}

static void console_random(void *bytes, size_t size)
{
	env_random(NULL, bytes, size);
}

static int64_t env_boot_ms(void *ctx)
{
	(void)ctx;
	return clock_ms(CLOCK_BOOTTIME);
}

static void env_changed(void *ctx)
{
	struct run *run = ctx;

	run->busy_ms = clock_ms(CLOCK_BOOTTIME);
	run->tidy = false;
	poke_all(&run->poke, POKE_CHANGED);
}

static void run_close(struct run *run)
{
	if (run->syncer.console)
		sync_free(&run->syncer);
	if (run->curl)
		transport_curl_close(run->curl);
	poke_close(&run->poke);
	if (run->console.outbox)
		console_close(&run->console);
	if (run->signals >= 0)
		close(run->signals);
	if (run->lock >= 0) {
		sign_lock(run->lock, "");
		close(run->lock);
	}
}

/* With the lock already held. */
static bool run_open(struct run *run, const char *home, char *error, size_t size)
{
	struct sync_env env = {
		.ctx = run, .random = env_random, .boot_ms = env_boot_ms, .changed = env_changed};

	run->console.random = console_random;
	run->console.boot = run_boot();
	if (!console_open(&run->console, home, NULL, error, size))
		return false;
	poke_open(&run->poke, home);
	run->curl = transport_curl_open();
	if (!run->curl) {
		snprintf(error, size, "%s", _("The network library cannot be started."));
		return false;
	}
	env.transport = transport_curl_of(run->curl);
	sync_init(&run->syncer, &run->console, &env);
	run->busy_ms = clock_ms(CLOCK_BOOTTIME);
	return true;
}

/* SIGTERM and SIGINT are read from a descriptor, so that none can slip in before the wait. */
static int open_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

static void remember_asker(struct run *run, const char *name)
{
	if (name[0] == '\0')
		return;
	for (int i = 0; i < run->asker_count; i++)
		if (strcmp(run->askers[i], name) == 0)
			return; /* it only asks whether we are still there */
	if (run->asker_count == ASKERS_MAX)
		return;
	snprintf(run->askers[run->asker_count++], POKE_NAME_SIZE, "%s", name);
	sync_ask(&run->syncer);
}

static void take_messages(struct run *run)
{
	struct poke_message message;
	struct signalfd_siginfo signal;

	while (poke_take(&run->poke, &message)) {
		if (message.word == POKE_ASK)
			remember_asker(run, message.from);
		else if (message.word == POKE_PRESS)
			sync_press(&run->syncer);
		else
			sync_poke(&run->syncer);
	}
	if (run->signals >= 0 &&
		read(run->signals, &signal, sizeof signal) == (ssize_t)sizeof signal)
		run->ending = true;
}

static void answer_askers(struct run *run)
{
	enum sync_asked asked = sync_answer(&run->syncer);

	if (asked != SYNC_DONE && asked != SYNC_FAILED)
		return;
	for (int i = 0; i < run->asker_count; i++)
		poke_one(&run->poke, run->askers[i], asked == SYNC_DONE ? POKE_DONE : POKE_FAILED,
			asked == SYNC_DONE ? "" : sync_trouble(&run->syncer));
	run->asker_count = 0;
}

/* Returns when the next step is due. A step that does not come back ends the process by SIGALRM: the
 * lock goes with it, and the next screen that looks starts another. */
static int64_t run_step(struct run *run)
{
	int64_t wake;

	alarm(HANG_S);
	wake = sync_step(&run->syncer, run_now());
	alarm(0);

	answer_askers(run);
	if (!sync_idle(&run->syncer)) {
		run->busy_ms = clock_ms(CLOCK_BOOTTIME);
		run->tidy = false;
	}
	return wake;
}

/* Waits for an answer, a poke, a signal or the time. */
static void run_wait(struct run *run, int64_t wake)
{
	int fds[2] = {run->poke.fd, run->signals};
	int64_t wait = wake - clock_ms(CLOCK_BOOTTIME);

	if (wait > STEP_MOST_MS)
		wait = STEP_MOST_MS;
	/* Without a wait too: steps that follow each other at once must not keep the line waiting. */
	transport_curl_wait(run->curl, fds, 2, wait > 0 ? (int)wait : 0);
	take_messages(run);
}

/* The one process that folds the write-ahead logs back, when nothing else is going on. */
static void tidy(struct run *run)
{
	if (run->tidy || clock_ms(CLOCK_BOOTTIME) - run->busy_ms < TIDY_AFTER_MS)
		return;
	run->tidy = true;
	if (run->console.cache && !db_checkpoint(run->console.cache))
		db_forget_failure(run->console.cache);
	if (!db_checkpoint(run->console.outbox))
		db_forget_failure(run->console.outbox);
}

/* No screen for a while, and nothing left to send. */
static bool may_leave(struct run *run, const char *home)
{
	struct console_counts counts;
	int64_t now = clock_ms(CLOCK_BOOTTIME);

	if (screens_there(home) || run->asker_count > 0) {
		run->alone_ms = 0;
		return false;
	}
	if (run->alone_ms == 0)
		run->alone_ms = now;
	if (now - run->alone_ms < LINGER_MS || !sync_may_end(&run->syncer))
		return false;
	console_count(&run->console, NULL, &counts);
	return counts.unsent == 0;
}

/* ---- how far it is ---- */

/* False once whoever is told has what it waited for. */
static bool tell_progress(struct run *run)
{
	struct run_progress progress = {.unsent = 0};
	struct console_counts counts;

	if (!run->watch->each || !run->console.outbox)
		return true;
	console_count(&run->console, NULL, &counts);
	progress.unsent = counts.unsent;
	progress.is_whole_copy = console_progress(&run->console, &progress.copied);
	if (!progress.is_whole_copy)
		progress.copied.rows = run->syncer.rows_pulled;
	return run->watch->each(run->watch->ctx, &progress);
}

int run_service(
	const char *home, bool stays, const struct run_watch *watch, char *error, size_t size)
{
	struct run run = {.poke = {.fd = -1, .folder = -1}, .signals = -1, .watch = watch};
	int64_t asked_ms = 0;
	int result = 1;

	run.lock = take_syncer_lock(home);
	if (run.lock < 0) {
		if (run_is_running(home))
			return 0;
		snprintf(error, size, _("%s cannot be locked: %s"), home, strerror(errno));
		return 1;
	}
	run.signals = open_signals();
	if (run_open(&run, home, error, size)) {
		result = 0;
		while (!run.ending) {
			run_wait(&run, run_step(&run));
			tidy(&run);
			if (run.console.copy)
				tell_progress(&run);
			if (clock_ms(CLOCK_BOOTTIME) - asked_ms >= STEP_MOST_MS) {
				asked_ms = clock_ms(CLOCK_BOOTTIME);
				run.ending = run.ending || !home_is_ours(run.lock, home) ||
					(!stays && may_leave(&run, home));
			}
		}
	}
	run_close(&run);
	return result;
}

/* ---- sync --once ---- */

/* The syncer's words are msgids, see trouble.h. */
static const char *in_own_language(const char *words)
{
	return words[0] ? gettext(words) : "";
}

static bool once_ourselves(struct run *run, const char *home)
{
	char error[TROUBLE_SIZE * 2];
	int64_t wake;

	if (!run_open(run, home, error, sizeof error)) {
		trouble_say(run->syncer.link_trouble, error);
		return false;
	}
	sync_ask(&run->syncer);
	wake = run_step(run);
	while (sync_answer(&run->syncer) == SYNC_WORKING && !run->ending) {
		run_wait(run, wake);
		wake = run_step(run);
		if (!tell_progress(run))
			return true;
	}
	return sync_answer(&run->syncer) == SYNC_DONE;
}

/* Asks the running syncer. 1: done; 0: failed, with the reason; -1: it went away. */
static int once_by_other(struct run *run, const char *home, char *error, size_t size)
{
	struct poke_message message;
	int64_t asked_ms = 0;

	for (;;) {
		int fds[1] = {run->poke.fd};

		if (!run_is_running(home))
			return -1;
		if (clock_ms(CLOCK_BOOTTIME) - asked_ms >= ASK_AGAIN_MS) {
			asked_ms = clock_ms(CLOCK_BOOTTIME);
			poke_all(&run->poke, POKE_ASK);
		}
		transport_curl_wait(run->curl, fds, 1, 250);
		if (!tell_progress(run))
			return 1;
		while (poke_take(&run->poke, &message)) {
			if (message.word == POKE_DONE)
				return 1;
			if (message.word == POKE_FAILED) {
				snprintf(error, size, "%s", in_own_language(message.text));
				return 0;
			}
		}
	}
}

bool run_once(const char *home, const struct run_watch *watch, char *error, size_t size)
{
	struct run run = {.poke = {.fd = -1, .folder = -1}, .signals = -1, .watch = watch};
	bool done = false;

	run.lock = take_syncer_lock(home);
	while (run.lock < 0) {
		int answer;

		if (errno != EWOULDBLOCK) {
			snprintf(error, size, _("%s cannot be locked: %s"), home, strerror(errno));
			return false;
		}
		if (!poke_open(&run.poke, home) || !(run.curl = transport_curl_open())) {
			snprintf(error, size, "%s", _("The running syncer cannot be asked."));
			run_close(&run);
			return false;
		}
		/* How far the other is stands in the cache; without it nothing is told. */
		run.console.random = console_random;
		if (watch->each)
			console_open(&run.console, home, NULL, error, size);
		answer = once_by_other(&run, home, error, size);
		run_close(&run);
		if (answer >= 0)
			return answer == 1;
		run = (struct run){.poke = {.fd = -1, .folder = -1}, .signals = -1, .watch = watch};
		run.lock = take_syncer_lock(home);
	}
	done = once_ourselves(&run, home);
	if (!done)
		snprintf(error, size, "%s",
			run.syncer.console ? in_own_language(sync_trouble(&run.syncer))
					   : run.syncer.link_trouble);
	run_close(&run);
	return done;
}
