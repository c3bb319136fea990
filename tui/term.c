/*
 * Keys are read as bytes (wgetch) and decoded here, because get_wch loses bytes: a character that
 * arrives in two reads, which ssh does, or one that is not UTF-8 swallows its neighbours.
 */
#include "tui/term.h"

#include <curses.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "model/i18n.h"
#include "tui/cols.h"
#include "tui/draw.h"
#include "tui/key.h"

#define TERM_PASTE_GIVE_UP_US 2000000
#define TERM_PASTE_ON "\033[?2004h"
#define TERM_PASTE_OFF "\033[?2004l"

/* Private key numbers for ncurses, above its own. */
enum term_private_key { TERM_KEY_PASTE_BEGIN = KEY_MAX + 0x1000, TERM_KEY_PASTE_END };

static struct termios term_before;
static sigset_t term_mask_open;
static volatile sig_atomic_t term_pending[NSIG];
static char term_restore_text[512];
static size_t term_restore_length;
static bool term_is_on;

static struct {
	char text[TERM_PASTE_BYTES];
	size_t length;
	bool is_open;
	int64_t last_us;
} term_paste;

static struct {
	char bytes[5];
	size_t length;
} term_partial; /* the beginning of a character whose rest has not come */

/* ------------------------------------------------------------------ signals */

static void term_on_signal(int number)
{
	term_pending[number] = 1;
}

/* Only write, tcsetattr and raise: all three are safe in a signal handler. */
static void term_on_crash(int number)
{
	ssize_t ignored = write(STDOUT_FILENO, term_restore_text, term_restore_length);

	(void)ignored;
	tcsetattr(STDIN_FILENO, TCSANOW, &term_before);
	raise(number); /* SA_RESETHAND put the default back. */
}

static const int term_signals[] = {SIGWINCH, SIGTERM, SIGHUP, SIGTSTP, SIGCONT, SIGINT, SIGQUIT};
static const int term_crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
#define TERM_COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void term_catch_signals(void)
{
	struct sigaction action;
	struct sigaction before;
	sigset_t ours;

	memset(&action, 0, sizeof(action));
	sigemptyset(&action.sa_mask);
	sigemptyset(&ours);
	action.sa_handler = term_on_signal;
	for (size_t i = 0; i < TERM_COUNT(term_signals); i++) {
		sigaddset(&ours, term_signals[i]);
		sigaction(term_signals[i], &action, NULL);
	}
	sigprocmask(SIG_BLOCK, &ours, &term_mask_open);
	for (size_t i = 0; i < TERM_COUNT(term_signals); i++)
		sigdelset(&term_mask_open, term_signals[i]);
	action.sa_handler = term_on_crash;
	action.sa_flags = (int)(SA_RESETHAND | SA_NODEFER);
	for (size_t i = 0; i < TERM_COUNT(term_crashes); i++) {
		/* A sanitizer that listens already has more to say. */
		if (sigaction(term_crashes[i], NULL, &before) == 0 && before.sa_handler == SIG_DFL)
			sigaction(term_crashes[i], &action, NULL);
	}
}

/* ------------------------------------------------------------------ start and stop */

bool term_kind(const char *name, int *colours)
{
	int found;

	*colours = 0;
	if (setupterm(name, STDOUT_FILENO, &found) != OK)
		return false;
	*colours = tigetnum("colors") > 0 ? tigetnum("colors") : 0;
	del_curterm(cur_term);
	return true;
}

static void term_restore_add(const char *capability)
{
	const char *text = capability;
	size_t length;

	if (!text || text == (const char *)-1)
		return;
	length = strlen(text);
	if (term_restore_length + length > sizeof(term_restore_text))
		return;
	memcpy(term_restore_text + term_restore_length, text, length);
	term_restore_length += length;
}

/* Bracketed paste is harmless where it is unknown, but old hardware would print it. */
static bool term_has_paste(void)
{
	const char *term = getenv("TERM");

	return term && strncmp(term, "vt", 2) != 0 && strcmp(term, "dumb") != 0 &&
		strcmp(term, "linux") != 0;
}

static void term_prepare_restore(void)
{
	term_restore_length = 0;
	if (term_has_paste())
		term_restore_add(TERM_PASTE_OFF);
	term_restore_add(tigetstr("sgr0"));
	term_restore_add(tigetstr("rmkx"));
	term_restore_add(tigetstr("rmcup"));
	term_restore_add(tigetstr("cnorm"));
	term_restore_add("\r\n");
}

static void term_write(const char *text)
{
	size_t left = strlen(text);

	while (left > 0) {
		ssize_t written = write(STDOUT_FILENO, text, left);

		if (written < 0 && errno != EINTR)
			return;
		if (written > 0) {
			text += written;
			left -= (size_t)written;
		}
	}
}

static void term_set_up(const char *theme)
{
	raw();
	noecho();
	nonl();
	nodelay(stdscr, TRUE);
	keypad(stdscr, TRUE);
	meta(stdscr, TRUE);
	idlok(stdscr, TRUE);
	if (!getenv("ESCDELAY"))
		set_escdelay(TERM_ESCAPE_DELAY_MS);
	if (has_colors()) {
		start_color();
		use_default_colors();
	}
	define_key("\033[200~", TERM_KEY_PASTE_BEGIN);
	define_key("\033[201~", TERM_KEY_PASTE_END);
	draw_theme(theme);
	if (term_has_paste())
		term_write(TERM_PASTE_ON);
}

const char *term_start(const char *theme)
{
	SCREEN *screen;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return _("the screen needs a terminal; for scripts see “countertop --help”");
	if (tcgetattr(STDIN_FILENO, &term_before) != 0)
		return _("the terminal does not answer");
	/* Before ncurses, which would otherwise catch some of them itself. */
	term_catch_signals();
	screen = newterm(NULL, stdout, stdin);
	if (!screen)
		return _(
			"the terminal is of an unknown kind; set TERM, for example TERM=xterm-256color");
	if (!tigetstr("cup")) {
		endwin();
		delscreen(screen);
		return _("this kind of terminal cannot place its cursor; set TERM, for example "
			 "TERM=xterm-256color");
	}
	term_set_up(theme);
	term_prepare_restore();
	term_is_on = true;
	return NULL;
}

/* Gives the screen back. Some terminals hide the cursor again when they leave the second screen. */
static void term_leave(void)
{
	const char *show_cursor = tigetstr("cnorm");

	curs_set(1);
	endwin();
	if (show_cursor && show_cursor != (const char *)-1)
		term_write(show_cursor);
	if (term_has_paste())
		term_write(TERM_PASTE_OFF);
}

void term_stop(void)
{
	if (!term_is_on)
		return;
	term_is_on = false;
	term_leave();
	tcsetattr(STDIN_FILENO, TCSADRAIN, &term_before);
}

void term_suspend(void)
{
	struct sigaction stop;
	struct sigaction ours;
	sigset_t open;

	term_leave();
	memset(&stop, 0, sizeof(stop));
	sigemptyset(&stop.sa_mask);
	stop.sa_handler = SIG_DFL;
	sigaction(SIGTSTP, &stop, &ours);
	sigemptyset(&open);
	sigaddset(&open, SIGTSTP);
	raise(SIGTSTP);
	sigprocmask(SIG_UNBLOCK, &open, NULL); /* Here it stops, and here it goes on. */
	sigprocmask(SIG_BLOCK, &open, NULL);
	sigaction(SIGTSTP, &ours, NULL);
	if (term_has_paste())
		term_write(TERM_PASTE_ON);
	term_resize();
	term_redraw();
}

void term_resize(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0)
		return;
	if (size.ws_row != LINES || size.ws_col != COLS)
		resizeterm(size.ws_row, size.ws_col);
}

void term_size(int *rows, int *cols)
{
	*rows = LINES;
	*cols = COLS;
}

void term_redraw(void)
{
	clearok(curscr, TRUE);
}

/* ------------------------------------------------------------------ waiting */

static unsigned term_take_signals(void)
{
	static const struct {
		int number;
		unsigned ready;
	} meanings[] = {
		{SIGWINCH, TERM_READY_RESIZE}, {SIGTSTP, TERM_READY_SUSPEND},
		{SIGCONT, TERM_READY_CONTINUED}, {SIGTERM, TERM_READY_END},
		{SIGHUP, TERM_READY_END}, {SIGQUIT, TERM_READY_END},
		{SIGINT, 0}, /* raw() makes Ctrl-C a key; one sent from outside is not for us. */
	};
	unsigned ready = 0;

	for (size_t i = 0; i < TERM_COUNT(meanings); i++) {
		if (!term_pending[meanings[i].number])
			continue;
		term_pending[meanings[i].number] = 0;
		ready |= meanings[i].ready;
	}
	return ready;
}

unsigned term_wait(int wake_fd, int64_t timeout_ms)
{
	struct pollfd fds[2] = {
		{.fd = STDIN_FILENO, .events = POLLIN},
		{.fd = wake_fd, .events = POLLIN},
	};
	struct timespec timeout = {timeout_ms / 1000, timeout_ms % 1000 * 1000000};
	unsigned ready = 0;
	int count = ppoll(fds, 2, timeout_ms < 0 ? NULL : &timeout, &term_mask_open);

	if (count > 0) {
		if (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL))
			ready |= TERM_READY_GONE;
		if (fds[0].revents & POLLIN)
			ready |= TERM_READY_INPUT;
		if (fds[1].revents)
			ready |= TERM_READY_WAKE;
	}
	return ready | term_take_signals();
}

bool term_is_remote(void)
{
	return getenv("SSH_CONNECTION") || getenv("SSH_TTY");
}

/* ------------------------------------------------------------------ reading */

static const struct {
	int curses;
	int32_t key;
} term_keys[] = {
	{KEY_UP, KEY_CODE_UP},
	{KEY_DOWN, KEY_CODE_DOWN},
	{KEY_LEFT, KEY_CODE_LEFT},
	{KEY_RIGHT, KEY_CODE_RIGHT},
	{KEY_HOME, KEY_CODE_HOME},
	{KEY_FIND, KEY_CODE_HOME},
	{KEY_END, KEY_CODE_END},
	{KEY_SELECT, KEY_CODE_END},
	{KEY_PPAGE, KEY_CODE_PAGE_UP},
	{KEY_NPAGE, KEY_CODE_PAGE_DOWN},
	{KEY_IC, KEY_CODE_INSERT},
	{KEY_DC, KEY_CODE_DELETE},
	{KEY_BACKSPACE, KEY_CODE_BACKSPACE},
	{KEY_BTAB, KEY_CODE_BACK_TAB},
	{KEY_ENTER, KEY_CODE_ENTER},
};

static int32_t term_key_of_curses(int code)
{
	for (size_t i = 0; i < TERM_COUNT(term_keys); i++)
		if (term_keys[i].curses == code)
			return term_keys[i].key;
	if (code >= KEY_F(1) && code <= KEY_F(24))
		return KEY_CODE_F1 + (code - KEY_F(1));
	return KEY_CODE_UNKNOWN;
}

/* What terminals send even where TERM says something else: "ESC [ … letter" and "ESC O letter". */
static const struct {
	char final;
	int32_t key;
} term_finals[] = {
	{'A', KEY_CODE_UP},
	{'B', KEY_CODE_DOWN},
	{'C', KEY_CODE_RIGHT},
	{'D', KEY_CODE_LEFT},
	{'H', KEY_CODE_HOME},
	{'F', KEY_CODE_END},
	{'Z', KEY_CODE_BACK_TAB},
	{'M', KEY_CODE_ENTER},
	{'P', KEY_CODE_F1},
	{'Q', KEY_CODE_F1 + 1},
	{'R', KEY_CODE_F1 + 2},
	{'S', KEY_CODE_F1 + 3},
};

/* "ESC [ number ~" */
static const struct {
	int number;
	int32_t key;
} term_numbers[] = {
	{1, KEY_CODE_HOME},
	{2, KEY_CODE_INSERT},
	{3, KEY_CODE_DELETE},
	{4, KEY_CODE_END},
	{5, KEY_CODE_PAGE_UP},
	{6, KEY_CODE_PAGE_DOWN},
	{7, KEY_CODE_HOME},
	{8, KEY_CODE_END},
	{11, KEY_CODE_F1},
	{12, KEY_CODE_F1 + 1},
	{13, KEY_CODE_F1 + 2},
	{14, KEY_CODE_F1 + 3},
	{15, KEY_CODE_F1 + 4},
	{17, KEY_CODE_F1 + 5},
	{18, KEY_CODE_F1 + 6},
	{19, KEY_CODE_F1 + 7},
	{20, KEY_CODE_F1 + 8},
	{21, KEY_CODE_F1 + 9},
	{23, KEY_CODE_F1 + 10},
	{24, KEY_CODE_F1 + 11},
};

static int32_t term_key_of_final(int final)
{
	for (size_t i = 0; i < TERM_COUNT(term_finals); i++)
		if (term_finals[i].final == final)
			return term_finals[i].key;
	return KEY_CODE_UNKNOWN;
}

/* Reads the rest of "ESC [", whatever it is, so that no piece of it acts as a key. */
static int32_t term_read_csi(void)
{
	int number = 0;
	bool is_first = true;
	int byte;

	for (byte = getch(); byte >= 0x20 && byte < 0x40; byte = getch()) {
		if (byte < '0' || byte > '9')
			is_first = false;
		else if (is_first && number < 1000)
			number = number * 10 + (byte - '0');
	}
	if (byte == '[') { /* The Linux console's F1 to F5. */
		byte = getch();
		return byte >= 'A' && byte <= 'E' ? KEY_CODE_F1 + (byte - 'A') : KEY_CODE_UNKNOWN;
	}
	if (byte != '~')
		return term_key_of_final(byte);
	for (size_t i = 0; i < TERM_COUNT(term_numbers); i++)
		if (term_numbers[i].number == number)
			return term_numbers[i].key;
	return KEY_CODE_UNKNOWN;
}

/* What stands behind an Esc that came together with more. */
static int32_t term_read_escape(void)
{
	int byte = getch();
	int next;

	if (byte == ERR)
		return KEY_CODE_ESC;
	if (byte == '[')
		return term_read_csi();
	if (byte == 'O') {
		next = getch();
		return next == ERR ? 'O' | KEY_ALT_BIT : term_key_of_final(next);
	}
	if (byte > 0x20 && byte < 0x7f)
		return byte | KEY_ALT_BIT;
	ungetch(byte); /* Esc, and then something of its own. */
	return KEY_CODE_ESC;
}

/* Adds a byte of a character. Returns the key once it is complete, or KEY_CODE_NONE. */
static int32_t term_add_byte(int byte)
{
	uint32_t code_point;
	size_t wanted;

	if (term_partial.length > 0 && (byte & 0xc0) != 0x80) {
		term_partial.length = 0; /* The rest never came. */
		ungetch(byte);
		return KEY_CODE_UNKNOWN;
	}
	term_partial.bytes[term_partial.length++] = (char)byte;
	term_partial.bytes[term_partial.length] = '\0';
	byte = (unsigned char)term_partial.bytes[0];
	wanted = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 1;
	if (term_partial.length < wanted)
		return KEY_CODE_NONE;
	term_partial.length = 0;
	if (cols_decode(term_partial.bytes, &code_point) < 2)
		return KEY_CODE_UNKNOWN;
	return (int32_t)code_point;
}

static int32_t term_key_of(int code)
{
	if (code >= 0x80 && code <= 0xff)
		return term_add_byte(code);
	if (term_partial.length > 0) {
		term_partial.length = 0;
		ungetch(code);
		return KEY_CODE_UNKNOWN;
	}
	if (code == 0x1b)
		return term_read_escape();
	if (code == '\r' || code == '\n')
		return KEY_CODE_ENTER;
	if (code == 0x7f || code == '\b')
		return KEY_CODE_BACKSPACE;
	if (code < 0x80)
		return code; /* 0 is Ctrl-Space, which is KEY_CODE_NONE and does nothing. */
	return term_key_of_curses(code);
}

static int64_t term_now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Keys inside a paste are its text. True if the paste ended with this one. */
static bool term_add_pasted(int code, int64_t now_us)
{
	term_paste.last_us = now_us;
	if (code == TERM_KEY_PASTE_END) {
		term_paste.is_open = false;
		return true;
	}
	if (code > 0 && code <= 0xff && term_paste.length + 1 < sizeof(term_paste.text)) {
		term_paste.text[term_paste.length++] = (char)(code == '\r' ? '\n' : code);
		term_paste.text[term_paste.length] = '\0';
	}
	return false;
}

static void term_paste_begin(int64_t now_us)
{
	term_paste.is_open = true;
	term_paste.length = 0;
	term_paste.text[0] = '\0';
	term_paste.last_us = now_us;
}

size_t term_read(struct term_event *out, size_t max)
{
	size_t count = 0;
	int code;

	while (count < max && (code = getch()) != ERR) {
		int64_t now_us = term_now_us();
		int32_t key;

		/* A paste whose end got lost must not swallow the keyboard. */
		if (term_paste.is_open && now_us - term_paste.last_us > TERM_PASTE_GIVE_UP_US)
			term_paste.is_open = false;
		if (code == TERM_KEY_PASTE_BEGIN) {
			term_paste_begin(now_us);
			continue;
		}
		if (term_paste.is_open) {
			if (!term_add_pasted(code, now_us))
				continue;
			out[count++] = (struct term_event){TERM_PASTE, 0};
			return count; /* The text is valid until the next call. */
		}
		if (code == TERM_KEY_PASTE_END || code == KEY_RESIZE)
			continue;
		key = term_key_of(code);
		if (key != KEY_CODE_NONE)
			out[count++] = (struct term_event){TERM_KEY, key};
	}
	return count;
}

const char *term_paste_text(void)
{
	return term_paste.text;
}
