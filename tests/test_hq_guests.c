/* Who keeps HQ waiting too long, or takes more room than there is, is shown out. */
#include "hq/http_guests.h"

#include <setjmp.h>
#include <stdarg.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#define START_MS ((int64_t)5000)

struct pair {
	int ours, theirs;
	struct guest *guest;
};

static struct guests guests;

static void come(struct pair *pair, int64_t now_ms)
{
	int ends[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	pair->ours = ends[0];
	pair->theirs = ends[1];
	pair->guest = guests_come(&guests, pair->ours, now_ms);
	assert_non_null(pair->guest);
}

static bool was_shown_out(const struct pair *pair)
{
	char byte;

	return recv(pair->theirs, &byte, 1, MSG_DONTWAIT) == 0;
}

static void go(struct pair *pair)
{
	guests_go(&guests, pair->guest);
	close(pair->ours);
	close(pair->theirs);
}

static int set_up(void **state)
{
	(void)state;
	guests_init(&guests);
	return 0;
}

static void a_request_that_trickles_in_has_a_deadline(void **state)
{
	/* Bytes do not put the deadline off; an answered guest has as long again for its next request. */
	struct pair slow, honest;

	(void)state;
	come(&slow, START_MS);
	come(&honest, START_MS);
	guest_gave(&guests, slow.guest, 1);
	guests_look(&guests, START_MS + GUEST_REQUEST_MS);
	assert_false(was_shown_out(&slow));
	guest_owes(honest.guest, GUEST_OWES_REQUEST, START_MS + GUEST_REQUEST_MS);
	guest_gave(&guests, slow.guest, 1);
	guests_look(&guests, START_MS + GUEST_REQUEST_MS + 1001);
	assert_true(was_shown_out(&slow));
	assert_false(was_shown_out(&honest));
	go(&slow);
	go(&honest);
	assert_int_equal(guests.count, 0);
	assert_int_equal(guests.bytes, 0);
}

static void a_long_poll_may_be_silent(void **state)
{
	/* While HQ has the word a guest owes nothing; to fetch its answer it has some minutes. */
	struct pair pair;

	(void)state;
	come(&pair, START_MS);
	guest_owes(pair.guest, GUEST_OWES_NOTHING, START_MS);
	guests_look(&guests, START_MS + 10 * GUEST_READING_MS);
	assert_false(was_shown_out(&pair));
	guest_owes(pair.guest, GUEST_OWES_READING, START_MS + 10 * GUEST_READING_MS);
	guests_look(&guests, START_MS + 11 * GUEST_READING_MS);
	assert_false(was_shown_out(&pair));
	guests_look(&guests, START_MS + 12 * GUEST_READING_MS);
	assert_true(was_shown_out(&pair));
	go(&pair);
}

static void a_full_house_shows_out_who_owes_for_longest(void **state)
{
	/* Not who waits for HQ, however long, and not who has just come. */
	static struct pair pairs[GUESTS_MAX + 2];
	struct rlimit files;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &files), 0);
	files.rlim_cur = files.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &files), 0);
	for (int i = 0; i < GUESTS_MAX; i++)
		come(&pairs[i], START_MS + i);
	guest_owes(pairs[0].guest, GUEST_OWES_NOTHING, START_MS);
	come(&pairs[GUESTS_MAX], START_MS + GUESTS_MAX);
	come(&pairs[GUESTS_MAX + 1], START_MS + GUESTS_MAX + 1);
	assert_true(was_shown_out(&pairs[1]) && was_shown_out(&pairs[2]));
	for (int i = 3; i < GUESTS_MAX + 2; i++)
		assert_false(was_shown_out(&pairs[i]));
	assert_false(was_shown_out(&pairs[0]));
	assert_int_equal(guests.count, GUESTS_MAX);
	for (int i = 0; i < GUESTS_MAX + 2; i++)
		go(&pairs[i]);
	assert_int_equal(guests.count, 0);
}

static void bodies_have_so_much_room_together(void **state)
{
	/* Bodies that do not become whole cost at most so many bytes, whoever sent them. */
	struct pair pairs[3];

	(void)state;
	for (int i = 0; i < 3; i++)
		come(&pairs[i], START_MS + i);
	guest_gave(&guests, pairs[1].guest, GUESTS_BODIES_MAX / 2);
	guest_gave(&guests, pairs[2].guest, GUESTS_BODIES_MAX / 2);
	assert_false(was_shown_out(&pairs[1]));
	guest_gave(&guests, pairs[2].guest, 1);
	assert_true(was_shown_out(&pairs[1]));
	assert_false(was_shown_out(&pairs[0]) || was_shown_out(&pairs[2]));
	guest_gave(&guests, pairs[1].guest, 100); /* what was on the way */
	assert_int_equal(guests.bytes, GUESTS_BODIES_MAX / 2 + 1);
	guest_took_back(&guests, pairs[2].guest);
	assert_int_equal(guests.bytes, 0);
	for (int i = 0; i < 3; i++)
		go(&pairs[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_request_that_trickles_in_has_a_deadline, set_up),
		cmocka_unit_test_setup(a_long_poll_may_be_silent, set_up),
		cmocka_unit_test_setup(a_full_house_shows_out_who_owes_for_longest, set_up),
		cmocka_unit_test_setup(bodies_have_so_much_room_together, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
