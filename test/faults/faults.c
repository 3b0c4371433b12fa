/*
 * What happens when the machine fails.
 *
 * usage: faults [ROUNDS [SEED]]
 *
 * kill: a child writes with several clients and tells, through a pipe, of every write it was
 * answered; after a random time it is killed with SIGKILL. Then the data is opened again: every
 * answered write stands in the journal under its number, the chain is whole, the tables follow from
 * it, and work goes on. Every tenth round begins with a new folder, so that migrations are killed
 * too.
 *
 * full: a disk of a few megabytes fills up, or a limit on the size of files is met, under several clients. Each gets an error that says so,
 * reads go on, nothing half done is left, and when there is space again the same open store works
 * again.
 */
#include "test/unit/cmocka_all.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/os.h"
#include "store/care.h"
#include "test/unit/store_help.h"

#define CLIENTS 6
#define ROUNDS_A_FOLDER 10
#define LONGEST_US                                                                                 \
	30000 /* a round is cut somewhere in here: after the first answer, or (one in four) after its start */

static int rounds = 200;
static uint64_t seed = 1;

/* splitmix64: the same seed gives the same rounds. */
static uint64_t chance(uint64_t *state)
{
	uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* One answered write. Smaller than PIPE_BUF, so it goes through the pipe whole. */
struct told {
	struct uuid id;
	int64_t version, no;
};

/* ---- the clients ---- */

struct client {
	struct help *h;
	int pipe; /* -1: keep in `told` */
	uint64_t random;
	struct told *told;
	int n, room;
	int limit;      /* writes; 0: until killed */
	struct err err; /* of the last failure */
	int failures;
};

static void tell(struct client *c, const struct written *w)
{
	struct told told = {w->id, w->version, w->no};
	if (c->pipe >= 0) {
		if (write(c->pipe, &told, sizeof told) != sizeof told)
			_exit(4);
		return;
	}
	if (c->n == c->room) {
		c->room = c->room ? c->room * 2 : 256;
		c->told = must_realloc(c->told, (size_t)c->room * sizeof told);
	}
	c->told[c->n++] = told;
}

/* One to four creates, or a change of the record made last. */
static bool one_batch(struct client *c, struct arena *a, struct written *last)
{
	static const char *const words[] = {
		"道路", "学校改扩建", "污水处理厂", "产业园区标准厂房及配套基础设施"};
	struct help_write w[4];
	struct write writes[4];
	struct batch_result out;
	bool change = last->version && chance(&c->random) % 3 == 0;
	int n = change ? 1 : 1 + (int)(chance(&c->random) % 4);
	for (int i = 0; i < n; i++) {
		w[i] = help_create(c->h, words[chance(&c->random) % countof(words)]);
		help_set(c->h, &w[i], "cost", help_int((int64_t)(chance(&c->random) >> 20)));
		help_set(c->h, &w[i], "project", help_id(HELP_WHO));
		if (change) {
			w[i].write.verb = WRITE_UPDATE;
			w[i].write.id = last->id;
			w[i].write.expect_version = last->version;
		}
		w[i].write.fields = w[i].fields;
		w[i].write.values = w[i].values;
		writes[i] = w[i].write;
	}
	struct batch b = {.who = HELP_WHO, .via = "test", .at = help_at(), .writes = writes, .n = n};
	struct err err; /* what answers a success leaves in it is nobody's */
	if (!store_submit(c->h->store, a, &b, &out, &err)) {
		c->err = err;
		return false;
	}
	for (int i = 0; i < n; i++)
		if (out.results[i].no)
			tell(c, &out.results[i]);
	*last = out.results[n - 1];
	return true;
}

static void *client_run(void *self)
{
	struct client *c = self;
	struct written last = {.version = 0};
	for (int i = 0; !c->limit || i < c->limit; i++) {
		struct arena *a = arena_open();
		struct written kept = last;
		if (!one_batch(c, a, &kept))
			c->failures++;
		else
			last = (struct written){.id = kept.id, .version = kept.version};
		arena_close(a);
	}
	return NULL;
}

/* ---- kill ---- */

static void child_run(struct help *h, int pipe, uint64_t random)
{
	struct store_options options = {.folder = h->folder};
	struct client clients[CLIENTS];
	pthread_t threads[CLIENTS];
	struct err err;
	if (!store_open(&options, &h->store, &err) || !store_migrate(h->store, h->catalogue, &err)) {
		struct str said = STR_INIT;
		err_say(&err, LANG_EN, &said);
		fprintf(stderr, "child: %s\n", str_text(&said));
		_exit(3);
	}
	for (int i = 0; i < CLIENTS; i++) {
		clients[i] = (struct client){.h = h, .pipe = pipe, .random = random + (uint64_t)i};
		pthread_create(&threads[i], NULL, client_run, &clients[i]);
	}
	for (int i = 0; i < CLIENTS; i++)
		pthread_join(threads[i], NULL);
	_exit(5);
}

struct answers {
	struct told *told;
	int n, room;
};

/* Reads what is told until the child is dead and the pipe empty; kills it when the time has come. */
static void listen_and_kill(
	int pipe, pid_t child, int64_t after_us, bool from_start, struct answers *answers)
{
	struct told told;
	int64_t end = from_start ? os_monotonic_us() + after_us : INT64_MAX;
	bool alive = true;
	for (;;) {
		if (alive && os_monotonic_us() >= end) {
			kill(child, SIGKILL);
			alive = false;
			assert_int_equal(fcntl(pipe, F_SETFL, 0), 0); /* wait for the rest, up to the end */
		}
		ssize_t n = read(pipe, &told, sizeof told);
		if (n == 0)
			return;
		if (n < 0) {
			assert_true(errno == EAGAIN || errno == EINTR);
			usleep(200);
			continue;
		}
		assert_int_equal(n, sizeof told);
		if (end == INT64_MAX)
			end = os_monotonic_us() + after_us;
		if (answers->n == answers->room) {
			answers->room = answers->room ? answers->room * 2 : 1024;
			answers->told = must_realloc(answers->told, (size_t)answers->room * sizeof told);
		}
		answers->told[answers->n++] = told;
	}
}

struct look {
	const struct told *told;
	bool found;
};

static bool look_at(void *self, const struct change *c)
{
	struct look *look = self;
	look->found = uuid_equal(c->id, look->told->id) && c->version == look->told->version;
	return false;
}

static bool say_finding(void *self, const struct finding_row *f)
{
	fprintf(stderr, "fsck: %s %s %s: %s, not %s\n", f->kind, f->reg ? f->reg : "",
		f->field ? f->field : "", f->stored ? f->stored : "", f->expected ? f->expected : "");
	return true;
}

static void check_answers(struct help *h, const struct told *told, int n)
{
	struct err err;
	for (int i = 0; i < n; i++) {
		struct look look = {&told[i], false};
		struct record *r;
		help_must(journal_read(h->store, told[i].no, told[i].no, look_at, &look, &err), &err);
		if (!look.found)
			fail_msg("answered write %lld is not in the journal", (long long)told[i].no);
		help_must(store_get(h->store, h->a, h->thing, told[i].id, &r, &err), &err);
		assert_true(r->version >= told[i].version);
	}
}

static void check_whole(struct help *h)
{
	struct chain_report report;
	struct err err;
	int64_t findings;
	help_must(store_verify(h->store, NULL, &report, &err), &err);
	if (report.fault != CHAIN_WHOLE)
		fail_msg("the chain is broken at %lld: %s", (long long)report.bad, report.why);
	help_must(store_fsck(h->store, NULL, say_finding, NULL, &findings, &err), &err);
	assert_int_equal(findings, 0);
}

static int one_round(struct help *h, uint64_t *random, struct answers *answers)
{
	int ends[2], status, before = answers->n;
	int64_t after = (int64_t)(chance(random) % LONGEST_US);
	uint64_t clients = chance(random);
	bool from_start = chance(random) % 4 == 0;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_int_equal(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
	store_close(h->store); /* no thread but this one when it forks */
	h->store = NULL;
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		close(ends[0]);
		child_run(h, ends[1], clients);
	}
	close(ends[1]);
	listen_and_kill(ends[0], child, after, from_start, answers);
	close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
		fail_msg("the child ended by itself with %d", WEXITSTATUS(status));
	struct arena *a = h->a;
	h->a = arena_open();
	help_reopen(h);
	check_answers(h, answers->told, answers->n);
	check_whole(h);
	struct help_write w = help_create(h, "还能写");
	help_one(h, &w);
	arena_close(h->a);
	h->a = a;
	return answers->n - before;
}

static void test_kill(void **state)
{
	struct help h;
	uint64_t random = seed;
	struct answers answers = {0};
	int64_t answered = 0;
	int silent = 0;
	for (int round = 0; round < rounds; round++) {
		if (round % ROUNDS_A_FOLDER == 0) {
			if (round)
				help_close(&h);
			help_prepare(&h);
			answers.n = 0;
		}
		int n = one_round(&h, &random, &answers);
		answered += n;
		silent += n == 0;
	}
	help_close(&h);
	free(answers.told);
	printf("%d kills, %d before the first answer; %lld answered writes, all there\n", rounds,
		silent, (long long)answered);
	assert_true(answered > rounds); /* else the test tested nothing */
}

/* ---- full disk ---- */

/* Without the filler the second round has room for a log that nobody copies back in between: each commit of a few records is
 * some 100 kB of it. */
#define DISK_BYTES (45 << 20)
#define FILLER_BYTES (40 << 20)

/* A small disk of its own, where the system lets us. */
static bool mount_small_disk(const char *folder)
{
	char options[64];
	snprintf(options, sizeof options, "size=%d", DISK_BYTES);
	return unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
		mount("guatu", folder, "tmpfs", 0, options) == 0;
}

static void limit_files(rlim_t bytes)
{
	struct rlimit limit;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void write_filler(const char *path)
{
	char *bytes = must_alloc(FILLER_BYTES);
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, FILLER_BYTES), FILLER_BYTES);
	close(fd);
	free(bytes);
}

/* Every client tries so many batches. Returns how many were refused. */
static int run_clients(struct help *h, struct client clients[CLIENTS], int limit)
{
	pthread_t threads[CLIENTS];
	int failures = 0;
	for (int i = 0; i < CLIENTS; i++) {
		clients[i].h = h;
		clients[i].pipe = -1;
		clients[i].random = seed + (uint64_t)i;
		clients[i].limit = limit;
		clients[i].failures = 0;
		pthread_create(&threads[i], NULL, client_run, &clients[i]);
	}
	for (int i = 0; i < CLIENTS; i++) {
		pthread_join(threads[i], NULL);
		failures += clients[i].failures;
	}
	return failures;
}

static bool count_record(void *self, const struct record *record)
{
	++*(int *)self;
	return true;
}

static void run_full(bool disk)
{
	struct help h;
	struct client clients[CLIENTS] = {0};
	struct record *r;
	struct err err;
	char filler[128];
	struct rlimit old;
	help_prepare(&h);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	signal(SIGXFSZ, SIG_IGN);
	if (disk && !mount_small_disk(h.folder)) {
		help_close(&h);
		skip(); /* the system lets us mount nothing */
	}
	snprintf(filler, sizeof filler, "%s/filler", h.folder);
	if (disk)
		write_filler(filler);
	help_reopen(&h);
	struct help_write w = help_create(&h, "before");
	struct written first = help_one(&h, &w);
	if (!disk)
		limit_files(DISK_BYTES - FILLER_BYTES);

	int failures = run_clients(&h, clients, 3000);
	assert_true(failures > 0);
	for (int i = 0; i < CLIENTS; i++) {
		if (!clients[i].failures)
			continue;
		struct str said = STR_INIT;
		err_say(&clients[i].err, LANG_EN, &said);
		assert_int_equal(clients[i].err.code, ERR_BUSY);
		assert_string_equal(str_text(&said), "the disk is full, nothing was stored");
		str_free(&said);
	}
	help_must(store_get(h.store, h.a, h.thing, first.id, &r, &err), &err);
	for (int i = 0; i < CLIENTS; i++)
		check_answers(&h, clients[i].told, clients[i].n);

	if (disk)
		assert_int_equal(unlink(filler), 0);
	else
		limit_files(old.rlim_cur);
	assert_int_equal(run_clients(&h, clients, 20), 0);
	check_whole(&h);
	help_reopen(&h);
	int answered = 0;
	for (int i = 0; i < CLIENTS; i++) {
		check_answers(&h, clients[i].told, clients[i].n);
		answered += clients[i].n;
		free(clients[i].told);
	}
	check_whole(&h);
	/* What was refused took no numbers: they run on without a gap. */
	int records = 0;
	help_must(store_scan(h.store, h.thing, count_record, &records, &err), &err);
	char last[32];
	snprintf(last, sizeof last, "DX2026-%04d", records);
	help_must(store_find_number(h.store, h.a, h.thing, last, &r, &err), &err);
	printf("%s full: %d writes answered, %d refused, none lost\n",
		disk ? "a disk" : "a file-size limit", answered, failures);
	store_close(h.store);
	h.store = NULL;
	if (disk)
		umount(h.folder);
	help_close(&h);
}

static void test_full_disk(void **state)
{
	run_full(true);
}

static void test_full_by_file_size(void **state)
{
	run_full(false);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_kill),
		cmocka_unit_test(test_full_by_file_size), cmocka_unit_test(test_full_disk)};
	if (argc > 1)
		rounds = (int)strtol(argv[1], NULL, 10);
	if (argc > 2)
		seed = strtoull(argv[2], NULL, 10);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
