/* Whatever the network, the clocks, the disks and the power do, every command ends in one verdict,
 * every cache equals HQ, and no goods appear or vanish.
 *
 * tests/sim [SEEDS] [FIRST] runs that many seeds from the first one and prints TAP. SIM_JOBS says how
 * many at once; with SIM_STOP set the first failure ends it; SIM_TRACE tells all of a seed. The last case runs the first seed once more: it must be the same to the last byte. */
#include "tests/sim.h"
#include "tests/sanitized.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define JOBS_MAX 64

#if SANITIZED
#define SEEDS 50 /* each takes three times as long */
#else
#define SEEDS 200
#endif

/* What a worker says of a seed, in one write. */
struct result {
	long n;
	bool good;
	int commands, faults, deaths, restores;
	uint64_t digest;
	char failure[512];
};

struct crew {
	long seeds, first;
	int jobs;
	int said[2]; /* a pipe */
	struct result *results;
	bool *there;
	long shown, failed;
	volatile bool *stop; /* seen by all: no seed is begun any more */
};

static struct result run(long n, uint64_t seed)
{
	static struct sim sim;
	struct result result = {.n = n, .good = sim_run(&sim, seed)};

	result.commands = sim.command_count;
	result.faults = sim.faults;
	result.deaths = sim.deaths;
	result.restores = sim.restores;
	result.digest = sim.digest;
	memcpy(result.failure, sim.failure, sizeof result.failure);
	return result;
}

/* The last number is the first seed again. */
static uint64_t seed_of(const struct crew *crew, long n)
{
	return (uint64_t)(crew->first + (n < crew->seeds ? n : 0));
}

static void work(const struct crew *crew, long first)
{
	for (long n = first; n <= crew->seeds && !*crew->stop; n += crew->jobs) {
		struct result result = run(n, seed_of(crew, n));

		if (write(crew->said[1], &result, sizeof result) != sizeof result)
			_exit(2);
	}
	fflush(NULL);
	_exit(0);
}

static void show(const struct crew *crew, long n)
{
	const struct result *result = &crew->results[n];
	unsigned long long seed = seed_of(crew, n);

	if (n == crew->seeds) {
		bool same = result->good == crew->results[0].good &&
			result->digest == crew->results[0].digest;

		printf("%s %ld - seed %llu again is the same: %016llx\n", same ? "ok" : "not ok",
			n + 1, seed, (unsigned long long)result->digest);
		return;
	}
	printf("%s %ld - seed %llu: %d commands, %d faults, %d deaths, %d restores, %016llx\n",
		result->good ? "ok" : "not ok", n + 1, seed, result->commands, result->faults,
		result->deaths, result->restores, (unsigned long long)result->digest);
	if (!result->good)
		printf("# %s\n# again: tests/sim 1 %llu\n", result->failure, seed);
}

static bool passed(const struct crew *crew, long n)
{
	return crew->results[n].good &&
		(n < crew->seeds || crew->results[n].digest == crew->results[0].digest);
}

/* Shows results in the order of the seeds, as far as they are there. */
static void show_next(struct crew *crew)
{
	for (; crew->shown <= crew->seeds && crew->there[crew->shown]; crew->shown++) {
		show(crew, crew->shown);
		crew->failed += !passed(crew, crew->shown);
	}
	fflush(stdout);
}

static void collect(struct crew *crew)
{
	struct result result;

	while (read(crew->said[0], &result, sizeof result) == sizeof result) {
		crew->results[result.n] = result;
		crew->there[result.n] = true;
		if (!result.good && getenv("SIM_STOP")) {
			show(crew, result.n);
			*crew->stop = true;
		}
		show_next(crew);
	}
}

/* A worker that died says nothing of its seed: that is its result, and another goes on behind it. The
 * seed to go on from, behind the last one if none is left. */
static long bury(struct crew *crew, int job)
{
	long n = job;

	while (n <= crew->seeds && crew->there[n])
		n += crew->jobs;
	if (n > crew->seeds)
		return n;
	crew->there[n] = true;
	crew->results[n].n = n;
	snprintf(crew->results[n].failure, sizeof crew->results[n].failure,
		"the simulator died over this seed");
	return n + crew->jobs;
}

/* Until every seed has its result. */
static bool run_all(struct crew *crew)
{
	long next[JOBS_MAX];
	bool more = true;

	for (int job = 0; job < crew->jobs; job++)
		next[job] = job;
	while (more && !*crew->stop) {
		if (pipe(crew->said) != 0)
			return false;
		for (int job = 0; job < crew->jobs; job++)
			if (next[job] <= crew->seeds && fork() == 0)
				work(crew, next[job]);
		close(crew->said[1]);
		collect(crew);
		close(crew->said[0]);
		while (wait(NULL) > 0)
			;
		more = false;
		for (int job = 0; job < crew->jobs && !*crew->stop; job++) {
			next[job] = bury(crew, job);
			more = more || next[job] <= crew->seeds;
		}
		show_next(crew);
	}
	return true;
}

int main(int argc, char **argv)
{
	const char *jobs = getenv("SIM_JOBS");
	struct crew crew = {.seeds = argc > 1 ? strtol(argv[1], NULL, 10) : SEEDS,
		.first = argc > 2 ? strtol(argv[2], NULL, 10) : 1,
		.jobs = jobs ? atoi(jobs) : (int)sysconf(_SC_NPROCESSORS_ONLN)};

	crew.jobs = crew.jobs < 1 ? 1 : crew.jobs > JOBS_MAX ? JOBS_MAX : crew.jobs;
	if (crew.seeds < 1 || crew.seeds > 100000000)
		return 2;
	crew.results = calloc((size_t)crew.seeds + 1, sizeof *crew.results);
	crew.there = calloc((size_t)crew.seeds + 1, sizeof *crew.there);
	crew.stop = mmap(
		NULL, sizeof *crew.stop, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (!crew.results || !crew.there || crew.stop == MAP_FAILED)
		return 2;
	printf("1..%ld\n", crew.seeds + 1);
	fflush(stdout);
	if (!run_all(&crew))
		return 2;
	free(crew.results);
	free(crew.there);
	return crew.failed > 0 || *crew.stop;
}
