#include "intake/xer_words.h"

static const struct xer_word lag_calendars[] = {{"rcal_Predecessor", LAG_CALENDAR_PREDECESSOR},
	{"rcal_Successor", LAG_CALENDAR_SUCCESSOR}, {"rcal_24Hour", LAG_CALENDAR_24_HOURS},
	{"rcal_ProjDefault", LAG_CALENDAR_PROJECT}};
static const struct xer_word float_types[] = {
	{"FT_FF", FLOAT_FINISH}, {"FT_SF", FLOAT_START}, {"FT_MIN", FLOAT_SMALLEST}};
static const struct xer_word outside[] = {{"SD_Both", OUTSIDE_BOTH}, {"SD_None", OUTSIDE_NONE},
	{"SD_Pred", OUTSIDE_ONLY_PREDECESSORS}, {"SD_Succ", OUTSIDE_ONLY_SUCCESSORS}};
static const struct xer_word task_types[] = {{"TT_Task", TASK_WORK}, {"TT_Rsrc", TASK_BY_RESOURCE},
	{"TT_Mile", TASK_START_MILESTONE}, {"TT_FinMile", TASK_FINISH_MILESTONE},
	{"TT_LOE", TASK_LEVEL_OF_EFFORT}, {"TT_WBS", TASK_SUMMARY}};
static const struct xer_word task_states[] = {
	{"TK_NotStart", TASK_NOT_STARTED}, {"TK_Active", TASK_ACTIVE}, {"TK_Complete", TASK_COMPLETE}};
static const struct xer_word percent_types[] = {{"CP_Drtn", PERCENT_DURATION},
	{"CP_Phys", PERCENT_PHYSICAL}, {"CP_Units", PERCENT_UNITS}, {"CP_Scope", PERCENT_SCOPE}};
static const struct xer_word constraints[] = {{"CS_MSOA", CONSTRAINT_START_NOT_EARLIER},
	{"CS_MSOB", CONSTRAINT_START_NOT_LATER}, {"CS_MEOA", CONSTRAINT_FINISH_NOT_EARLIER},
	{"CS_MEOB", CONSTRAINT_FINISH_NOT_LATER}, {"CS_MSO", CONSTRAINT_START_ON},
	{"CS_MEO", CONSTRAINT_FINISH_ON}, {"CS_MANDSTART", CONSTRAINT_MANDATORY_START},
	{"CS_MANDFIN", CONSTRAINT_MANDATORY_FINISH}, {"CS_ALAP", CONSTRAINT_AS_LATE_AS_POSSIBLE}};
static const struct xer_word priorities[] = {
	{"PT_Top", 900}, {"PT_High", 700}, {"PT_Normal", 500}, {"PT_Low", 300}, {"PT_Lowest", 100}};
static const struct xer_word link_types[] = {{"PR_FS", LINK_FS}, {"PR_SS", LINK_SS},
	{"PR_FF", LINK_FF}, {"PR_SF", LINK_SF}, {"FS", LINK_FS}, {"SS", LINK_SS}, {"FF", LINK_FF},
	{"SF", LINK_SF}};
static const struct xer_word resource_kinds[] = {{"RT_Labor", RESOURCE_LABOUR},
	{"RT_Equip", RESOURCE_EQUIPMENT}, {"RT_Mat", RESOURCE_MATERIAL}, {"RT_Labor", RESOURCE_COST}};

#define WORDS(list)                                                                                \
	{                                                                                              \
		list, countof(list)                                                                        \
	}
const struct xer_words xer_lag_calendars = WORDS(lag_calendars),
					   xer_float_types = WORDS(float_types), xer_outside = WORDS(outside),
					   xer_task_types = WORDS(task_types), xer_task_states = WORDS(task_states),
					   xer_percent_types = WORDS(percent_types),
					   xer_constraints = WORDS(constraints), xer_priorities = WORDS(priorities),
					   xer_link_types = WORDS(link_types),
					   xer_resource_kinds = WORDS(resource_kinds);

int xer_word_value(struct xer_words words, struct slice text, int otherwise)
{
	for (size_t i = 0; i < words.n; i++)
		if (slice_is(text, words.list[i].text))
			return words.list[i].value;
	return otherwise;
}

const char *xer_word_text(struct xer_words words, int value)
{
	for (size_t i = 0; i < words.n; i++)
		if (words.list[i].value == value)
			return words.list[i].text;
	return "";
}
