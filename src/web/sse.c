#include "web/sse.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"

struct stream {
	pthread_mutex_t lock; /* of parked, door and connection */
	struct feed *feed;
	const struct stream_door *door; /* NULL: not attached yet */
	void *connection;
	bool parked;
	atomic_bool ping, stop;

	/* what is being written: head, then data, then tail; `at` counts through all three */
	char head[96];
	size_t head_n, data_n, tail_n, at;
	const char *data;
};

static const char tail[] = "\n\n";

static void wake(void *self)
{
	struct stream *s = self;

	pthread_mutex_lock(&s->lock);
	if (s->parked) {
		s->parked = false;
		s->door->wake(s->connection);
	}
	pthread_mutex_unlock(&s->lock);
}

static void write_comment(struct stream *s, const char *text)
{
	s->head_n = (size_t)snprintf(s->head, sizeof s->head, "%s", text);
	s->data = NULL;
	s->data_n = s->tail_n = s->at = 0;
}

static void write_event(struct stream *s, const struct feed_event *event)
{
	static const char *const names[] = {[FEED_CHANGE] = "change",
		[FEED_TICK] = "tick",
		[FEED_RESET] = "reset",
		[FEED_GONE] = "gone"};
	int n = 0;

	if (event->no > 0)
		n = snprintf(s->head, sizeof s->head, "id: %lld\n", (long long)event->no);
	n += snprintf(s->head + n, sizeof s->head - (size_t)n, "event: %s\ndata: ", names[event->kind]);
	s->head_n = (size_t)n;
	s->data = event->data ? event->data : "{}";
	s->data_n = strlen(s->data);
	s->tail_n = sizeof tail - 1;
	s->at = 0;
}

bool stream_open(struct app *app, const struct person *person, int64_t from, struct stream **out,
	struct err *err)
{
	struct stream *s = must_alloc(sizeof *s);

	pthread_mutex_init(&s->lock, NULL);
	if (!feed_open(app, person, from, wake, s, &s->feed, err)) {
		pthread_mutex_destroy(&s->lock);
		free(s);
		return false;
	}
	/* something to send at once, so that the browser learns that the stream stands, and from where on */
	char begin[64];
	snprintf(begin, sizeof begin, "retry: 2000\nevent: begin\ndata: {\"no\":%lld}\n\n",
		(long long)feed_begun(s->feed));
	write_comment(s, begin);
	*out = s;
	return true;
}

void stream_attach(struct stream *s, const struct stream_door *door, void *connection)
{
	s->door = door;
	s->connection = connection;
}

void stream_close(struct stream *s)
{
	if (!s)
		return;
	feed_close(s->feed);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

static size_t copy(struct stream *s, char *to, size_t room)
{
	struct slice pieces[] = {{s->head, s->head_n}, {s->data, s->data_n}, {tail, s->tail_n}};
	size_t done = 0, start = 0;

	for (size_t i = 0; i < countof(pieces) && done < room; i++) {
		size_t end = start + pieces[i].n;
		if (s->at < end) {
			size_t n = end - s->at < room - done ? end - s->at : room - done;
			memcpy(to + done, pieces[i].s + (s->at - start), n);
			s->at += n;
			done += n;
		}
		start = end;
	}
	return done;
}

static bool next(struct stream *s)
{
	struct feed_event event;

	if (feed_take(s->feed, &event))
		write_event(s, &event);
	else if (atomic_exchange(&s->ping, false))
		write_comment(s, ": still here\n\n");
	else
		return false;
	return true;
}

long stream_read(struct stream *s, char *to, size_t room)
{
	size_t done = 0;

	if (atomic_load(&s->stop) || feed_ended(s->feed))
		return -1;
	for (;;) {
		done += copy(s, to + done, room - done);
		if (done == room)
			return (long)done;
		if (next(s))
			continue;
		if (done)
			return (long)done;
		/* Park first and look again: a wake between the look and the parking would be lost otherwise. */
		pthread_mutex_lock(&s->lock);
		s->parked = true;
		s->door->park(s->connection);
		pthread_mutex_unlock(&s->lock);
		if (next(s) || atomic_load(&s->stop) || feed_ended(s->feed))
			wake(s);
		return 0;
	}
}

void stream_ping(struct stream *s)
{
	atomic_store(&s->ping, true);
	wake(s);
}

void stream_stop(struct stream *s)
{
	atomic_store(&s->stop, true);
	wake(s);
}
