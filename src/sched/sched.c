/* One run: compile, forward, as late as possible, backward, then what the passes mean (fill.c). */
#include "sched/sched.h"

#include "sched/cpm.h"

static const char *const reasons[] = {"none", "project_start", "data_date", "link", "constraint",
	"second_constraint", "actual", "external", "expected_finish", "resume", "as_late_as_possible",
	"manual", "span", "project_finish", "must_finish", "deadline", "resource"};

const char *reason_name(enum reason reason)
{
	return reasons[reason];
}

static void fill_order(struct arena *a, const struct network *net, struct schedule *s)
{
	int32_t n = 0;

	s->order = ARENA_ARRAY(a, int32_t, (size_t)net->plan->ntasks);
	for (int32_t i = 0; i < net->n; i++)
		s->order[n++] = net->nodes[i].task;
	for (int32_t i = 0; i < net->plan->ntasks; i++)
		if (net->node_of[i] < 0)
			s->order[n++] = i;
}

bool sched_run(struct arena *a, const struct plan *plan, const struct sched_options *opt,
	struct schedule *out, struct err *err)
{
	static const struct sched_options nothing = {0};
	struct schedule s;
	struct network net;
	struct cpm c;

	if (!opt)
		opt = &nothing;
	sched_open(a, plan, &s);
	if (!network_build(a, plan, opt, &s.findings, s.links, &net, err))
		return false;
	cpm_open(a, &net, &c);
	cpm_run(&c, !opt->early_only);
	sched_fill(a, &c, !opt->early_only, &s);
	fill_order(a, &net, &s);
	*out = s;
	return true;
}
