#include "web/worker.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/arena.h"

enum { STACK_BYTES = 512 * 1024 };

struct workers {
	pthread_mutex_t lock;
	pthread_cond_t some;
	work_off *work;
	void *ring[LIMIT_WORK_QUEUE];
	int first, waiting;
	bool closing;
	int nthreads;
	pthread_t threads[];
};

static void *run(void *self)
{
	struct workers *w = self;

	pthread_mutex_lock(&w->lock);
	for (;;) {
		while (!w->waiting && !w->closing)
			pthread_cond_wait(&w->some, &w->lock);
		if (!w->waiting)
			break;
		void *job = w->ring[w->first];
		w->first = (w->first + 1) % LIMIT_WORK_QUEUE;
		w->waiting--;
		pthread_mutex_unlock(&w->lock);
		w->work(job);
		pthread_mutex_lock(&w->lock);
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

bool workers_open(int threads, work_off *work, struct workers **out, struct err *err)
{
	struct workers *w = must_alloc(sizeof *w + (size_t)threads * sizeof w->threads[0]);
	pthread_attr_t attributes;

	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->some, NULL);
	w->work = work;
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	while (
		w->nthreads < threads && pthread_create(&w->threads[w->nthreads], &attributes, run, w) == 0)
		w->nthreads++;
	pthread_attr_destroy(&attributes);
	if (w->nthreads < threads) {
		workers_close(w);
		return err_set(err, ERR_SYSTEM, NULL, "could not start %d threads", threads);
	}
	*out = w;
	return true;
}

bool workers_add(struct workers *w, void *job)
{
	pthread_mutex_lock(&w->lock);
	bool room = w->waiting < LIMIT_WORK_QUEUE && !w->closing;
	if (room) {
		w->ring[(w->first + w->waiting) % LIMIT_WORK_QUEUE] = job;
		w->waiting++;
		pthread_cond_signal(&w->some);
	}
	pthread_mutex_unlock(&w->lock);
	return room;
}

void workers_close(struct workers *w)
{
	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	w->closing = true;
	pthread_cond_broadcast(&w->some);
	pthread_mutex_unlock(&w->lock);
	for (int i = 0; i < w->nthreads; i++)
		pthread_join(w->threads[i], NULL);
	pthread_cond_destroy(&w->some);
	pthread_mutex_destroy(&w->lock);
	free(w);
}
