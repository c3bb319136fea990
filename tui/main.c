/* The program `countertop`: reads the command line and joins the screen with the network. */
#include "model/console_rescue.h"
#include "model/i18n.h"
#include "net/enrol.h"
#include "net/poke.h"
#include "net/probe.h"
#include "net/run.h"
#include "tui/arguments.h"
#include "tui/cli.h"
#include "tui/cli_doctor.h"
#include "model/nearest.h"
#include "tui/say.h"
#include "tui/screen.h"
#include "tui/shop.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#ifndef VERSION
#define VERSION "0.1.0"
#endif

#define say(...) say_to(stderr, __VA_ARGS__)

/* ---- what every verb needs ---- */

struct program {
	struct arguments arguments;
	char home[PATH_MAX];
	struct console console;
	bool open;
	struct poke poke;
};

static void random_bytes(void *bytes, size_t size)
{
	if (getrandom(bytes, size, 0) != (ssize_t)size)
		abort(); /* never for so few bytes; ids without randomness would lose commands */
}

static bool open_console(struct program *program)
{
	char error[PATH_MAX + 256];

	program->console.random = random_bytes;
	program->console.boot = run_boot();
	program->open = console_open(&program->console, program->home, NULL, error, sizeof error);
	if (!program->open)
		say("%s", error);
	return program->open;
}

static int64_t boot_ms(void)
{
	return run_now().boot_ms;
}

static int64_t wall_ms(void)
{
	return run_now().wall_ms;
}

static void send_poke(void *ctx, bool tries_now)
{
	struct program *program = ctx;

	if (program->poke.folder < 0)
		poke_open(&program->poke, program->home);
	poke_all(&program->poke, tries_now ? POKE_PRESS : POKE_CHANGED);
}

static void poke_others(void *ctx)
{
	send_poke(ctx, false);
}

/* ---- enrol ---- */

static int verb_enrol(struct program *program)
{
	char error[300];

	if (program->arguments.word_count != 3) {
		say(_("say where HQ is and the code it gave: countertop enrol URL CODE"));
		return CLI_USAGE;
	}
	if (!open_console(program))
		return CLI_FAILED;
	if (!net_enrol(&program->console, program->arguments.words[1], program->arguments.words[2],
		    error, sizeof error)) {
		say("%s", error);
		return CLI_FAILED;
	}
	poke_others(program);
	printf(_("enrolled as %s for"), program->console.device);
	for (int i = 0; i < program->console.store_count; i++)
		printf(" %s", program->console.stores[i]);
	printf("\n");
	return CLI_APPLIED;
}

/* ---- sync ---- */

#define BAR_COLS 30
#define BAR_EVERY_MS 100
#define LINE_EVERY_MS 5000

/* Where how far it is goes: a terminal gets one line that is drawn again, a file or a pipe a line now and
 * then. */
struct told {
	bool is_terminal;
	int64_t next_ms;
	bool is_drawn; /* the bar stands on the terminal's last line */
};

static void print_bar(const struct run_progress *progress)
{
	int64_t all = progress->copied.rows_expected;
	int64_t done = progress->copied.rows < all ? progress->copied.rows : all;
	int filled = all > 0 ? (int)(done * BAR_COLS / all) : 0;
	char bar[BAR_COLS + 1];

	memset(bar, '.', BAR_COLS);
	memset(bar, '#', (size_t)filled);
	bar[BAR_COLS] = '\0';
	fprintf(stderr, "[%s] ", bar);
}

static bool tell_progress(void *ctx, const struct run_progress *progress)
{
	struct told *told = ctx;
	char words[200];

	if (boot_ms() < told->next_ms)
		return true;
	if (!told->is_terminal && !progress->is_whole_copy)
		return true; /* soon over */
	told->next_ms = boot_ms() + (told->is_terminal ? BAR_EVERY_MS : LINE_EVERY_MS);
	if (progress->is_whole_copy)
		shop_copy_words(&progress->copied, words, sizeof words);
	else
		snprintf(words, sizeof words, _("%lld rows fetched, %d to send"),
			(long long)progress->copied.rows, progress->unsent);
	if (told->is_terminal) {
		fputc('\r', stderr);
		if (progress->is_whole_copy)
			print_bar(progress);
	}
	fprintf(stderr, "%s%s", words, told->is_terminal ? "\033[K" : "\n");
	told->is_drawn = told->is_terminal;
	return true;
}

static void tell_end(struct told *told)
{
	if (told->is_drawn)
		fputs("\r\033[K", stderr);
	told->is_drawn = false;
}

static int sync_once(struct program *program, const struct run_watch *watch)
{
	char error[300] = "";
	bool done = run_once(program->home, watch, error, sizeof error);

	tell_end(watch->ctx);
	if (!done)
		say("%s", error[0] != '\0' ? error : _("the sync was interrupted"));
	return done ? CLI_APPLIED : CLI_FAILED;
}

static int verb_sync(struct program *program)
{
	char error[PATH_MAX + 300];
	bool stays = !program->arguments.service;
	struct told told = {.is_terminal = isatty(STDERR_FILENO)};
	struct run_watch watch = {.each = stays ? tell_progress : NULL, .ctx = &told};
	int code;

	if (program->arguments.word_count != 1) {
		say(_("sync takes only options"));
		return CLI_USAGE;
	}
	if (program->arguments.once)
		return sync_once(program, &watch);
	code = run_service(program->home, stays, &watch, error, sizeof error);
	tell_end(&told);
	if (code != 0)
		say("%s", error);
	return code;
}

/* ---- do, show ---- */

static bool ask_pin(void *ctx, const char *staff, char *pin, size_t size)
{
	struct termios shown, hidden;
	FILE *terminal = fopen("/dev/tty", "r+");
	bool got = false;

	(void)ctx;
	if (!terminal)
		return false;
	if (tcgetattr(fileno(terminal), &shown) == 0) {
		hidden = shown;
		hidden.c_lflag &= ~(tcflag_t)ECHO;
		tcsetattr(fileno(terminal), TCSAFLUSH, &hidden);
		fprintf(terminal, _("PIN of %s: "), staff);
		fflush(terminal);
		got = fgets(pin, (int)size, terminal) != NULL;
		tcsetattr(fileno(terminal), TCSAFLUSH, &shown);
		fputs("\n", terminal);
	}
	if (got)
		pin[strcspn(pin, "\r\n")] = '\0';
	fclose(terminal);
	return got;
}

struct awaited {
	struct program *program;
	const char *id;
};

static bool no_verdict_yet(void *ctx, const struct run_progress *progress)
{
	const struct awaited *awaited = ctx;
	char *verdict = console_verdict_of(&awaited->program->console, awaited->id);

	(void)progress;
	free(verdict);
	return !verdict;
}

static bool sync_until(void *ctx, const char *id, char *error, size_t size)
{
	struct awaited awaited = {ctx, id};
	struct run_watch watch = {.each = no_verdict_yet, .ctx = &awaited};

	return run_once(awaited.program->home, &watch, error, size);
}

static struct cli make_cli(struct program *program)
{
	const struct arguments *arguments = &program->arguments;
	struct sync_time now = run_now();

	return (struct cli){.console = &program->console,
		.store = arguments->store,
		.staff = arguments->staff,
		.json = arguments->json,
		.wait = arguments->wait,
		.check = arguments->check,
		.yes = arguments->yes,
		.again = arguments->again,
		.force = arguments->force,
		.now_ms = console_hq_time(&program->console, now.boot_ms, now.wall_ms),
		.out = stdout,
		.err = stderr,
		.out_is_terminal = isatty(STDOUT_FILENO),
		.sync = sync_until,
		.saved = poke_others,
		.ask_pin = ask_pin,
		.ctx = program};
}

static int run_cli(struct program *program, enum cli_exit (*verb)(struct cli *, int, char *const *))
{
	struct cli cli;

	if (!open_console(program))
		return CLI_FAILED;
	cli = make_cli(program);
	return verb(&cli, program->arguments.word_count - 1, program->arguments.words + 1);
}

static int verb_do(struct program *program)
{
	return run_cli(program, cli_do);
}

static int verb_show(struct program *program)
{
	return run_cli(program, cli_show);
}

static int verb_import(struct program *program)
{
	return run_cli(program, cli_import);
}

static int verb_export(struct program *program)
{
	return run_cli(program, cli_export);
}

static int verb_report(struct program *program)
{
	return run_cli(program, cli_report);
}

/* ---- rescue ---- */

static int verb_rescue(struct program *program)
{
	struct console_rescued rescued;
	char error[PATH_MAX + 256];

	if (access(program->home, W_OK) != 0) {
		say(_("%s cannot be written: %s. Nothing can be saved here until it can."),
			program->home, strerror(errno));
		return CLI_FAILED;
	}
	if (!run_alone(program->home)) {
		say(_("another process has this home open: close its screens and end its countertop sync"));
		return CLI_FAILED;
	}
	if (!console_rescue(program->home, &rescued, error, sizeof error)) {
		say("%s", error);
		return CLI_FAILED;
	}
	printf(_("%d commands were saved as they were, and %d more are offered to HQ again"),
		rescued.rows, rescued.found);
	printf("\n");
	printf(_("the damaged file is kept as %s; what stood on damaged pages is lost"),
		rescued.kept);
	printf("\n");
	if (!rescued.is_enrolled)
		printf("%s\n", _("enrol this home again: countertop enrol URL CODE"));
	return CLI_APPLIED;
}

/* ---- doctor ---- */

static void ask_hq(void *ctx, const char *url, const char *token, struct doctor_hq *answer)
{
	struct probe probe;

	(void)ctx;
	probe_hq(url, token, &probe);
	*answer = (struct doctor_hq){.reached = probe.reached,
		.let_in = probe.let_in,
		.read = probe.read,
		.speaks = probe.speaks,
		.ahead_ms = probe.ahead_ms,
		.took_ms = probe.took_ms};
	snprintf(answer->versions, sizeof answer->versions, "%s", probe.versions);
	snprintf(answer->trouble, sizeof answer->trouble, "%s", probe.trouble);
}

static bool syncer_runs(void *ctx)
{
	const struct program *program = ctx;

	return probe_syncer(program->home);
}

/* It opens no console: that would make, mend or rebuild what is to be looked at. */
static int verb_doctor(struct program *program)
{
	const struct arguments *arguments = &program->arguments;
	bool home = arguments_home_path(arguments, program->home);

	if (arguments->word_count != 1) {
		say(_("doctor takes only options"));
		return CLI_USAGE;
	}
	return cli_doctor(&(struct doctor){.home = home ? program->home : NULL,
		.keys = arguments->keys,
		.json = arguments->json,
		.out_is_terminal = isatty(STDOUT_FILENO),
		.out = stdout,
		.ask_hq = ask_hq,
		.syncer_runs = syncer_runs,
		.ctx = program});
}

/* ---- the screen ---- */

static void drain(void *ctx)
{
	struct program *program = ctx;

	poke_drain(&program->poke);
}

/* A syncer that was ended, or that `sync --once` kept from starting, is started again. */
static void keep_syncer(void *ctx)
{
	struct program *program = ctx;

	if (console_enrolled(&program->console))
		run_start(program->home);
}

static int open_screen(struct program *program)
{
	int present, code;

	if (!open_console(program))
		return CLI_FAILED;
	present = run_screen_enter(program->home);
	poke_open(&program->poke, program->home);
	keep_syncer(program);
	code = screen_run(&(struct screen_options){.console = &program->console,
		.keys = program->arguments.keys,
		.store = program->arguments.store,
		.wake_fd = program->poke.fd,
		.wake_drain = drain,
		.poke = send_poke,
		.each_second = keep_syncer,
		.ctx = program,
		.wall_ms = wall_ms,
		.boot_ms = boot_ms});
	if (present >= 0)
		close(present);
	return code;
}

/* ---- verbs ---- */

static const struct verb {
	const char *name;
	const char *words;
	const char *help;
	int (*run)(struct program *program);
} verbs[] = {
	{"enrol", N_("URL CODE"), N_("make this home a console of HQ"), verb_enrol},
	{"sync", "[--once]", N_("exchange with HQ"), verb_sync},
	{"do", N_("OP FIELD=VALUE… [--staff ID] [--wait]"),
		N_("one command; prints the verdict as JSON"), verb_do},
	{"show", N_("KIND [ID] [FIELD=VALUE…] [--json] [--staff ID]"),
		N_("print a list or a document"), verb_show},
	{"import", N_("FILE [--check|--yes] [--again] [--staff ID]"),
		N_("make stock documents out of a .csv or .xlsx"), verb_import},
	{"export", N_("KIND [ID] [FIELD=VALUE…] FILE [--force] [--staff ID]"),
		N_("write a list, a document's lines or the import template as .csv or .xlsx,\n"
		   "        a stocktake's count sheet as .txt"),
		verb_export},
	{"report", N_("NAME [since=DATE] [until=DATE] [FILE] [--force]"),
		N_("print a report, or write it as .csv or .xlsx"), verb_report},
	{"rescue", "", N_("save what a damaged outbox still holds"), verb_rescue},
	{"doctor", "[--json]", N_("check terminal, home and the way to HQ; says what to do"),
		verb_doctor},
};

#define VERB_COUNT (sizeof verbs / sizeof *verbs)

static void print_operations(void)
{
	int count;
	const struct op *ops = op_all(&count);

	for (int i = 0; i < count; i++) {
		printf("%s", ops[i].name);
		for (int j = 0; j < ops[i].field_count; j++) {
			const struct field *field = &ops[i].fields[j];

			if (!field->item)
				printf(field->required ? " %s=" : " [%s=]", field->name);
		}
		printf("\n");
	}
}

static void print_help(void)
{
	printf("%s\n", _("countertop [OPTION…]                  the screen"));
	for (size_t i = 0; i < VERB_COUNT; i++)
		printf("countertop %s%s%s\n        %s\n", verbs[i].name,
			verbs[i].words[0] ? " " : "", verbs[i].words[0] ? _(verbs[i].words) : "",
			_(verbs[i].help));
	printf("\n%s\n", _("Options may stand anywhere:"));
	arguments_print_options(stdout);
	printf("\n%s\n",
		_("do and sync exit with 0 applied, 1 failed, 2 wrong command line, 3 rejected,\n"
		  "4 queued, 5 parked."));
}

static const struct verb *find_verb(const char *name)
{
	struct nearest nearest = {.wanted = name};

	for (size_t i = 0; i < VERB_COUNT; i++) {
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
		nearest_offer(&nearest, verbs[i].name);
	}
	if (nearest.name)
		say(_("there is no command %s; did you mean %s?"), name, nearest.name);
	else
		say(_("there is no command %s; countertop --help lists them"), name);
	return NULL;
}

static int run(struct program *program)
{
	const struct arguments *arguments = &program->arguments;
	const struct verb *verb = NULL;

	if (arguments->word_count > 0 && !(verb = find_verb(arguments->words[0])))
		return CLI_USAGE;
	if (arguments->help) {
		if (verb && verb->run == verb_do)
			print_operations();
		else
			print_help();
		return CLI_APPLIED;
	}
	if (arguments->version) {
		printf("countertop %s\n", VERSION);
		return CLI_APPLIED;
	}
	if (verb && verb->run == verb_doctor)
		return verb_doctor(program);
	if (!arguments_home(arguments, verb && verb->run == verb_enrol, program->home, stderr))
		return CLI_FAILED;
	return verb ? verb->run(program) : open_screen(program);
}

int main(int argc, char **argv)
{
	static struct program program = {.poke = {.fd = -1, .folder = -1}};
	int code;

	i18n_start();
	/* A file that may not grow any more is like a full disk: told, not died of. */
	signal(SIGXFSZ, SIG_IGN);
	umask(077);
	code = arguments_read(&program.arguments, argc, argv, stderr) ? run(&program) : CLI_USAGE;
	if (fflush(stdout) != 0 && code == CLI_APPLIED) {
		say(_("the output cannot be written: %s"), strerror(errno));
		code = CLI_FAILED;
	}
	if (program.open)
		console_close(&program.console);
	poke_close(&program.poke);
	return code;
}
