/* Inside assess: what the table of indicators points to. */
#ifndef ASSESS_KERNELS_H
#define ASSESS_KERNELS_H

#include "assess/indicator.h"

/* unit_indicator.c */
indicator_of_unit unit_months_missed, unit_growth, unit_growth_level, unit_bond_ratio, unit_honour,
	unit_place, unit_place_from_bottom;

/* remedy.c */
indicator_remedy remedy_invest_ratio, remedy_invest_points, remedy_next_month, remedy_milestone,
	remedy_start, remedy_stat_entry, remedy_pay, remedy_report, remedy_issues, remedy_slip,
	remedy_forecast, remedy_computed;

#endif
