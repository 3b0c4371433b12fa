#include "web/body.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { FILE_FROM_BYTES = 256 * 1024 };

static bool open_file(struct body *b, struct err *err)
{
	struct str name = STR_INIT;

	str_printf(&name, "%s/upload-XXXXXX", b->folder);
	char *path = str_take(&name);
	b->file = open(b->folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (b->file < 0 && (b->file = mkostemp(path, O_CLOEXEC)) >= 0)
		unlink(path);
	int why = errno;
	free(path);
	return b->file >= 0 ||
		err_set(err, ERR_BUSY, NULL, "could not make a file for the upload: %s", strerror(why));
}

static bool write_file(struct body *b, const char *bytes, size_t n, struct err *err)
{
	while (n) {
		ssize_t done = write(b->file, bytes, n);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0 && (errno == ENOSPC || errno == EDQUOT || errno == EFBIG))
			return err_set(err, ERR_BUSY, NULL, "the disk is full, nothing was stored");
		if (done <= 0)
			return err_set(err, ERR_BUSY, NULL, "could not keep the upload: %s", strerror(errno));
		bytes += done;
		n -= (size_t)done;
	}
	return true;
}

bool body_add(struct body *b, const char *bytes, size_t n, struct err *err)
{
	b->bytes += (int64_t)n;
	if (b->folder && b->file < 0 && b->bytes > FILE_FROM_BYTES) {
		if (!open_file(b, err) || !write_file(b, b->text.s, b->text.n, err))
			return false;
		str_free(&b->text);
	}
	if (b->file >= 0)
		return write_file(b, bytes, n, err);
	str_add(&b->text, bytes, n);
	return true;
}

bool body_read(struct body *b, struct slice *out, struct err *err)
{
	if (b->file < 0) {
		*out = str_view(&b->text);
		return true;
	}
	void *map = mmap(NULL, (size_t)b->bytes, PROT_READ, MAP_PRIVATE, b->file, 0);
	if (map == MAP_FAILED)
		return err_set(
			err, ERR_SYSTEM, NULL, "could not read the upload back: %s", strerror(errno));
	b->map = map;
	*out = (struct slice){map, (size_t)b->bytes};
	return true;
}

void body_free(struct body *b)
{
	str_free(&b->text);
	if (b->map)
		munmap(b->map, (size_t)b->bytes);
	if (b->file >= 0)
		close(b->file);
	*b = BODY_INIT;
}
