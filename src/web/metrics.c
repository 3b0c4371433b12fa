#include "web/metrics.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "app/admin.h"
#include "base/arena.h"
#include "web/route.h"

enum { MAX_ROUTE = 128, CLASSES = 6 };

/* clang-format off */
static const int64_t bucket_us[] = {100, 250, 500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 1000000,
	5000000};
static const char *const bucket_names[] = {"0.0001", "0.00025", "0.0005", "0.001", "0.0025", "0.005", "0.01", "0.025",
	"0.05", "0.1", "0.25", "1", "5"};
/* clang-format on */

struct metrics {
	atomic_llong requests[MAX_ROUTE + 1]
						 [CLASSES]; /* by hundreds of the status; the last row: no route */
	atomic_llong buckets[countof(bucket_us) + 1];
	atomic_llong us;
	atomic_int waiting;
};

struct metrics *metrics_open(void)
{
	return must_alloc(sizeof(struct metrics));
}

void metrics_close(struct metrics *m)
{
	free(m);
}

void metrics_count(struct metrics *m, int route, int status, int64_t us)
{
	size_t bucket = 0;

	while (bucket < countof(bucket_us) && us > bucket_us[bucket])
		bucket++;
	int row = route >= 0 && route < MAX_ROUTE ? route : MAX_ROUTE;
	int class = status >= 100 && status < 600 ? status / 100 : 0;
	atomic_fetch_add_explicit(&m->requests[row][class], 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&m->buckets[bucket], 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&m->us, us, memory_order_relaxed);
}

void metrics_waiting(struct metrics *m, int more)
{
	atomic_fetch_add_explicit(&m->waiting, more, memory_order_relaxed);
}

static long long get(const atomic_llong *n)
{
	return atomic_load_explicit(n, memory_order_relaxed);
}

static void write_requests(const struct metrics *m, struct str *out)
{
	str_puts(out,
		"# HELP guatu_requests_total Requests answered.\n# TYPE guatu_requests_total counter\n");
	for (int i = 0; i <= MAX_ROUTE; i++) {
		bool route = i < route_count();
		if (!route && i != MAX_ROUTE)
			continue;
		const char *path = route ? route_at(i)->path : "other";
		const char *method = route ? http_method_name(route_at(i)->method) : "any";
		for (int class = 0; class < CLASSES; class ++)
			if (get(&m->requests[i][class]))
				str_printf(out,
					"guatu_requests_total{method=\"%s\",route=\"%s\",status=\"%dxx\"} %lld\n",
					method, path, class, get(&m->requests[i][class]));
	}
}

static void write_durations(const struct metrics *m, struct str *out)
{
	long long sum = 0;

	str_puts(out,
		"# HELP guatu_request_seconds Time from the last byte of a request to its answer.\n"
		"# TYPE guatu_request_seconds histogram\n");
	for (size_t i = 0; i < countof(bucket_us); i++) {
		sum += get(&m->buckets[i]);
		str_printf(out, "guatu_request_seconds_bucket{le=\"%s\"} %lld\n", bucket_names[i], sum);
	}
	sum += get(&m->buckets[countof(bucket_us)]);
	str_printf(
		out, "guatu_request_seconds_bucket{le=\"+Inf\"} %lld\nguatu_request_seconds_sum ", sum);
	str_decimal(out, get(&m->us), 6);
	str_printf(out, "\nguatu_request_seconds_count %lld\n", sum);
}

static void write_one(
	struct str *out, const char *name, const char *type, const char *help, int64_t value)
{
	str_printf(out, "# HELP %s %s\n# TYPE %s %s\n%s %lld\n", name, help, name, type, name,
		(long long)value);
}

void metrics_text(const struct metrics *m, struct app *app, struct str *out)
{
	struct app_numbers n;

	app_numbers(app, &n);
	write_requests(m, out);
	write_durations(m, out);
	write_one(out, "guatu_work_waiting", "gauge", "Requests waiting for a worker thread.",
		atomic_load(&m->waiting));
	write_one(out, "guatu_streams", "gauge", "Open event streams.", n.streams);
	write_one(out, "guatu_sessions", "gauge", "Sessions in use.", n.sessions);
	write_one(out, "guatu_journal_number", "counter", "Last number of the journal.", n.journal);
	write_one(out, "guatu_commits_total", "counter", "Synced transactions since start.", n.commits);
	write_one(out, "guatu_writes_total", "counter", "Records written since start.", n.writes);
	write_one(out, "guatu_records", "gauge", "Live records of all registers.", n.records);
	write_one(out, "guatu_projects", "gauge", "Projects on the board.", n.projects);
	write_one(out, "guatu_board_bytes", "gauge", "Memory of the board.", n.board_bytes);
	write_one(
		out, "guatu_memory_bytes", "gauge", "Resident memory of the process.", n.memory_bytes);
	write_one(
		out, "guatu_started_timestamp_ms", "gauge", "When the program started.", n.started_ms);
	write_one(out, "guatu_load_ms", "gauge", "How long loading took.", n.load_ms);
}
