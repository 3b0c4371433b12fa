#include "intake/plan_file.h"

#include "intake/plan_json.h"
#include "intake/xer.h"

bool plan_file_read(struct arena *a, struct slice bytes, struct plan *out, struct findings *found, struct err *err)
{
	if (xer_looks_like(bytes))
		return xer_read(a, bytes, out, found, err);
	if (plan_json_looks_like(bytes))
		return plan_json_read(a, bytes, out, err);
	return err_set(err, ERR_INPUT, NULL, "this is no plan we know: neither XER nor a plan of ours");
}
