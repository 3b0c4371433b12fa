#include "sched/raw_links.h"

#include "base/limits.h"

struct collector {
	struct arena *a;
	const struct plan *plan;
	const struct plan_options **options;
	const bool *takes_part;
	struct findings *found;
	struct link_dates *links;
	struct raw_links out;
	int32_t room;
	int32_t *first_child, *next_sibling; /* by outline; NULL: no summary is linked */
	int64_t nexpanded;
};

static void add_raw(struct collector *b, int32_t from, int32_t to, int32_t link)
{
	if (b->out.n == b->room) {
		int32_t room = b->room ? b->room * 2 : b->plan->nlinks + 16;
		b->out.edges =
			arena_grow(b->a, b->out.edges, (size_t)b->room, (size_t)room, sizeof(*b->out.edges));
		b->room = room;
	}
	b->out.edges[b->out.n++] = (struct raw_edge){from, to, link};
}

static void list_children(struct collector *b)
{
	int32_t n = b->plan->ntasks;

	b->first_child = ARENA_ARRAY(b->a, int32_t, (size_t)n);
	b->next_sibling = ARENA_ARRAY(b->a, int32_t, (size_t)n);
	for (int32_t i = 0; i < n; i++)
		b->first_child[i] = b->next_sibling[i] = -1;
	for (int32_t i = n - 1; i >= 0; i--) {
		int32_t parent = b->plan->tasks[i].parent;
		if (parent >= 0 && parent != i) {
			b->next_sibling[i] = b->first_child[parent];
			b->first_child[parent] = i;
		}
	}
}

/* The tasks under a summary that take part, in outline order; the task itself if it is none. */
static int32_t *leaves_of(struct collector *b, int32_t task, int32_t *n)
{
	int32_t room = 8, *leaves = ARENA_ARRAY(b->a, int32_t, 8), at = task;

	*n = 0;
	for (int32_t steps = 0; steps <= b->plan->ntasks * 2; steps++) {
		if (b->takes_part[at]) {
			if (*n == room) {
				leaves = arena_grow(b->a, leaves, (size_t)room, (size_t)room * 2, sizeof(*leaves));
				room *= 2;
			}
			leaves[(*n)++] = at;
		}
		if (b->first_child && b->first_child[at] >= 0) {
			at = b->first_child[at];
			continue;
		}
		while (at != task && b->next_sibling[at] < 0)
			at = b->plan->tasks[at].parent;
		if (at == task)
			break;
		at = b->next_sibling[at];
	}
	return leaves;
}

/* A link on a summary (MS Project) holds for its parts: their finishes, and whatever they follow. A start taken *from* a
 * summary is that of the part that starts first, which the forward pass finds (EDGE_FIRST). */
static void expand_summary_link(struct collector *b, int32_t link)
{
	const struct plan_link *l = &b->plan->links[link];
	int32_t nfrom, nto, *from, *to;

	if (!b->first_child)
		list_children(b);
	from = leaves_of(b, l->from, &nfrom);
	to = leaves_of(b, l->to, &nto);
	b->nexpanded += (int64_t)nfrom * nto;
	if (b->nexpanded > LIMIT_SUMMARY_LINKS)
		return; /* raw_links_collect() says so */
	for (int32_t i = 0; i < nfrom; i++)
		for (int32_t j = 0; j < nto; j++)
			if (from[i] != to[j])
				add_raw(b, from[i], to[j], link);
}

static bool outside_ignored(const struct plan_options *o, bool we_are_successor)
{
	return o->outside_links == OUTSIDE_NONE ||
		o->outside_links ==
		(we_are_successor ? OUTSIDE_ONLY_SUCCESSORS : OUTSIDE_ONLY_PREDECESSORS);
}

static bool belongs_to(const struct plan *plan, int32_t task, int32_t summary)
{
	return plan->tasks[summary].type == TASK_SUMMARY && plan_task_below(plan, task, summary);
}

static bool link_ignored(struct collector *b, int32_t link)
{
	const struct plan *plan = b->plan;
	const struct plan_link *l = &plan->links[link];

	if (l->from < 0 || l->to < 0) {
		finding_add(b->found, "P002", ON_LINK, link, l->from_id ? l->from_id : "",
			l->to_id ? l->to_id : "", NULL);
		return true;
	}
	if (l->from == l->to) {
		finding_add(b->found, "P004", ON_TASK, l->from, plan_task_code(plan, l->from), NULL, NULL);
		return true;
	}
	const struct plan_task *from = &plan->tasks[l->from], *to = &plan->tasks[l->to];
	if (belongs_to(plan, l->from, l->to) || belongs_to(plan, l->to, l->from)) {
		bool first = belongs_to(plan, l->from, l->to);
		finding_add(b->found, "P020", ON_LINK, link, plan_task_code(plan, first ? l->from : l->to),
			plan_task_code(plan, first ? l->to : l->from), NULL);
		return true;
	}
	if (from->inactive || to->inactive)
		return true;
	return from->project != to->project &&
		(outside_ignored(b->options[to->project], true) ||
			outside_ignored(b->options[from->project], false));
}

/* What a task was last seen to precede, and by links of which types. */
struct seen {
	int32_t successor; /* + 1 */
	uint32_t types;
};

static void collect(struct collector *b)
{
	const struct plan *plan = b->plan;
	struct seen *seen = ARENA_ARRAY(b->a, struct seen, (size_t)plan->ntasks);
	int32_t *by_successor = ARENA_ARRAY(b->a, int32_t, (size_t)plan->nlinks);
	int32_t *first = ARENA_ARRAY(b->a, int32_t, (size_t)plan->ntasks + 2);

	for (int32_t i = 0; i < plan->nlinks; i++) {
		const struct plan_link *l = &plan->links[i];
		b->links[i] = (struct link_dates){.float_work = FLOAT_NONE, .ignored = link_ignored(b, i)};
		if (b->links[i].ignored)
			continue;
		first[l->to + 2]++;
		const struct plan_task *from = &plan->tasks[l->from], *to = &plan->tasks[l->to];
		if (from->type == TASK_SUMMARY || to->type == TASK_SUMMARY)
			expand_summary_link(b, i);
		else if (b->takes_part[l->from] && b->takes_part[l->to])
			add_raw(b, l->from, l->to, i);
	}
	/* Duplicates: links grouped by successor, a mark at each predecessor. */
	for (int32_t i = 0; i < plan->ntasks; i++)
		first[i + 2] += first[i + 1];
	for (int32_t i = 0; i < plan->nlinks; i++)
		if (!b->links[i].ignored)
			by_successor[first[plan->links[i].to + 1]++] = i;
	for (int32_t k = 0; k < first[plan->ntasks]; k++) {
		const struct plan_link *l = &plan->links[by_successor[k]];
		struct seen *mark = &seen[l->from];
		const uint32_t type = 1u << l->type;
		if (mark->successor != l->to + 1)
			*mark = (struct seen){l->to + 1, 0};
		if (mark->types & type)
			finding_add(b->found, "P003", ON_LINK, by_successor[k], plan_task_code(plan, l->from),
				plan_task_code(plan, l->to), NULL);
		mark->types |= type;
	}
}

bool raw_links_collect(struct arena *a, const struct plan *plan,
	const struct plan_options **options, const bool *takes_part, struct findings *found,
	struct link_dates *links, struct raw_links *out, struct err *err)
{
	struct collector b = {.a = a,
		.plan = plan,
		.options = options,
		.takes_part = takes_part,
		.found = found,
		.links = links};

	collect(&b);
	if (b.nexpanded > LIMIT_SUMMARY_LINKS)
		return err_set(err, ERR_LIMIT, NULL,
			"links of summary tasks stand for more than %d links between their parts",
			LIMIT_SUMMARY_LINKS);
	*out = b.out;
	return true;
}
