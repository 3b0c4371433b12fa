/*
 * Backup and restore. A backup is one tar archive in POSIX ustar form (sizes past 8 GiB in base
 * 256, as GNU tar has it), so that any tar unpacks it in an emergency: guatu.json says what it is,
 * guatu.db is a consistent copy of the data file, files/ the uploads. It is written beside its
 * name, synced and renamed: there is a whole backup or none.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "base/os.h"
#include "store/care.h"
#include "store/store_inside.h"

#define BLOCK 512
#define COPY_BYTES (256 * 1024)
#define NOTE_BYTES 4096

/* Offsets of the ustar header. */
enum {
	TAR_NAME = 0,
	TAR_MODE = 100,
	TAR_SIZE = 124,
	TAR_TIME = 136,
	TAR_SUM = 148,
	TAR_TYPE = 156,
	TAR_MAGIC = 257
};

struct told {
	const struct progress *progress;
	const char *doing;
};

static void tell(void *self, int64_t done, int64_t total)
{
	const struct told *t = self;
	if (t->progress)
		t->progress->step(t->progress->self, t->doing, done, total);
}

static bool disk_failed(const char *path, struct err *err)
{
	if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG)
		return err_set(err, ERR_BUSY, path, "the disk is full, nothing was stored");
	return err_set(err, ERR_SYSTEM, path, "could not read or write: %s", strerror(errno));
}

/* ---- writing ---- */

static void put_octal(char *at, int digits, int64_t n)
{
	for (int i = digits - 1; i >= 0; i--, n >>= 3)
		at[i] = (char)('0' + (n & 7));
}

static void put_header(char head[BLOCK], const char *name, int64_t size)
{
	unsigned sum = 0;
	memset(head, 0, BLOCK);
	memcpy(head + TAR_NAME, name, strlen(name));
	memcpy(head + TAR_MODE,
		"0000600\0"
		"0000000\0"
		"0000000",
		24);
	if (size < INT64_C(1) << 33) {
		put_octal(head + TAR_SIZE, 11, size);
	} else {
		head[TAR_SIZE] = (char)0x80;
		for (int i = 0; i < 8; i++)
			head[TAR_SIZE + 11 - i] = (char)(size >> (8 * i));
	}
	put_octal(head + TAR_TIME, 11, 0);
	head[TAR_TYPE] = '0';
	memcpy(head + TAR_MAGIC,
		"ustar\0"
		"00",
		8);
	memset(head + TAR_SUM, ' ', 8);
	for (int i = 0; i < BLOCK; i++)
		sum += (unsigned char)head[i];
	put_octal(head + TAR_SUM, 6, sum);
	head[TAR_SUM + 6] = '\0';
}

static bool add_bytes(FILE *out, const char *name, const void *bytes, size_t n)
{
	static const char zeros[BLOCK];
	char head[BLOCK];
	put_header(head, name, (int64_t)n);
	return fwrite(head, 1, BLOCK, out) == BLOCK && fwrite(bytes, 1, n, out) == n &&
		fwrite(zeros, 1, -n % BLOCK, out) == -n % BLOCK;
}

static bool add_file(
	FILE *out, const char *name, const char *path, struct told *told, struct err *err)
{
	static const char zeros[BLOCK];
	char head[BLOCK];
	struct stat st;
	FILE *in = fopen(path, "re");
	if (!in || fstat(fileno(in), &st) != 0) {
		disk_failed(path, err);
		if (in)
			fclose(in);
		return false;
	}
	char *bytes = must_alloc(COPY_BYTES);
	size_t done = 0, n;
	put_header(head, name, st.st_size);
	bool ok = fwrite(head, 1, BLOCK, out) == BLOCK;
	while (ok && (n = fread(bytes, 1, COPY_BYTES, in)) > 0) {
		ok = fwrite(bytes, 1, n, out) == n;
		done += n;
		if (told)
			tell(told, (int64_t)done, st.st_size);
	}
	ok = ok && !ferror(in) && fwrite(zeros, 1, -done % BLOCK, out) == -done % BLOCK;
	if (!ok)
		disk_failed(path, err);
	else if ((int64_t)done != st.st_size)
		ok = err_set(err, ERR_BUSY, path, "the file changed while it was copied");
	free(bytes);
	fclose(in);
	return ok;
}

struct packing {
	struct store *s;
	FILE *out;
	struct told told;
	int64_t done, total;
	struct err *err;
	bool ok;
};

/* Rows are read from the copy, so every file that the copy speaks of is packed; bytes are never
 * altered or removed. */
static bool pack_file(void *self, const struct file_row *row)
{
	struct packing *p = self;
	struct arena *a = arena_open();
	const char *path = file_path(p->s, a, row), *name = path + strlen(p->s->folder) + 1;
	p->ok = add_file(p->out, name, path, NULL, p->err);
	tell(&p->told, ++p->done, p->total);
	arena_close(a);
	return p->ok;
}

static const char sql_count_files[] = "SELECT count(*) FROM file";

static bool pack_files(struct packing *p, struct db *copy, struct err *err)
{
	struct db_statement *st;
	bool row;
	if (!db_prepare(copy, sql_count_files, &st, err) || !db_step(st, &row, err))
		return false;
	p->total = db_get_int(st, 0);
	db_done(st);
	p->told.doing = "packing files";
	struct arena *a = arena_open();
	bool ok = file_each(copy, a, pack_file, p, err) && p->ok;
	arena_close(a);
	return ok;
}

static bool digest_file(const char *path, uint8_t out[DIGEST_BYTES], struct err *err)
{
	FILE *in = fopen(path, "re");
	size_t n;
	if (!in)
		return disk_failed(path, err);
	struct digest_run *run = digest_open(DIGEST_SHA256);
	char *bytes = must_alloc(COPY_BYTES);
	while ((n = fread(bytes, 1, COPY_BYTES, in)) > 0)
		digest_add(run, bytes, n);
	bool ok = !ferror(in) || disk_failed(path, err);
	digest_end(run, out);
	digest_close(run);
	free(bytes);
	fclose(in);
	return ok;
}

static bool pack_note(
	struct packing *p, struct db *copy, const char *copy_path, const char *path, struct err *err)
{
	struct journal_head head;
	struct str note = STR_INIT;
	uint8_t sum[DIGEST_BYTES];
	char hex[2 * DIGEST_BYTES + 1], sum_hex[2 * DIGEST_BYTES + 1];
	if (!head_read(copy, &head, err) || !digest_file(copy_path, sum, err))
		return false;
	hex_encode(head.hash, sizeof head.hash, hex);
	hex_encode(sum, sizeof sum, sum_hex);
	struct json_writer w = jw_start(&note);
	jw_object(&w);
	jw_kt(&w, "guatu", GUATU_VERSION);
	jw_ki(&w, "journal", head.no);
	jw_kt(&w, "hash", hex);
	jw_kt(&w, "digest", digest_name(head.digest));
	jw_kt(&w, "data_sha256", sum_hex);
	jw_object_end(&w);
	bool ok = add_bytes(p->out, "guatu.json", note.s, note.n) || disk_failed(path, err);
	str_free(&note);
	return ok;
}

static bool pack(struct packing *p, const char *copy_path, const char *path, struct err *err)
{
	static const char end[2 * BLOCK];
	struct db *copy;
	if (!db_open(copy_path, DB_READ, &copy, err))
		return false;
	bool ok = pack_note(p, copy, copy_path, path, err) &&
		add_file(p->out, "guatu.db", copy_path, &p->told, err) && pack_files(p, copy, err);
	db_close(copy);
	if (ok &&
		(fwrite(end, 1, sizeof end, p->out) != sizeof end || fflush(p->out) != 0 ||
			fsync(fileno(p->out)) != 0))
		ok = disk_failed(path, err);
	return ok;
}

static bool copy_data(
	struct store *s, const char *copy_path, const struct progress *progress, struct err *err)
{
	struct told told = {progress, "copying the data file"};
	struct db *db;
	if (!reader_take(s, &db, err))
		return false;
	/* The open read transaction holds the snapshot, so writers do not make the copy begin again. */
	struct journal_head head;
	bool ok = db_begin_read(db, err) && head_read(db, &head, err) &&
		db_copy(db, copy_path, tell, &told, err);
	db_rollback(db);
	reader_give(s, db);
	return ok;
}

bool store_backup(
	struct store *s, const char *path, const struct progress *progress, struct err *err)
{
	if (os_exists(path))
		return err_set(err, ERR_CONFLICT, path, "a file of this name exists already");
	struct arena *a = arena_open();
	const char *copy_path = arena_printf(a, "%s.db-part", path),
			   *part = arena_printf(a, "%s.part", path);
	struct packing p = {
		.s = s, .told = {progress, "packing the data file"}, .err = err, .ok = true};
	unlink(copy_path);
	bool ok = copy_data(s, copy_path, progress, err);
	if (ok) {
		p.out = fopen(part, "we");
		ok = p.out || disk_failed(part, err);
	}
	ok = ok && pack(&p, copy_path, part, err);
	if (p.out)
		ok = (fclose(p.out) == 0 && ok) || (ok && disk_failed(part, err));
	if (ok && rename(part, path) != 0)
		ok = disk_failed(path, err);
	unlink(copy_path);
	if (!ok)
		unlink(part);
	arena_close(a);
	return ok;
}

/* ---- restoring ---- */

static int64_t get_size(const char *head)
{
	int64_t n = 0;
	if ((unsigned char)head[TAR_SIZE] == 0x80) {
		for (int i = 4; i < 12; i++)
			n = n << 8 | (unsigned char)head[TAR_SIZE + i];
		return n;
	}
	for (int i = 0; i < 11; i++) {
		if (head[TAR_SIZE + i] < '0' || head[TAR_SIZE + i] > '7')
			return -1;
		n = n << 3 | (head[TAR_SIZE + i] - '0');
	}
	return n;
}

static bool header_is_whole(const char head[BLOCK])
{
	char again[BLOCK];
	if (memchr(head + TAR_NAME, '\0', TAR_MODE) == NULL || get_size(head) < 0)
		return false;
	put_header(again, head + TAR_NAME, get_size(head));
	return memcmp(again, head, BLOCK) == 0;
}

/* guatu.json, guatu.db, files/ab/62 hex digits: what a backup has, and nothing that climbs out of
 * the folder. */
static bool name_is_ours(const char *name)
{
	if (strcmp(name, "guatu.json") == 0 || strcmp(name, "guatu.db") == 0)
		return true;
	if (strncmp(name, "files/", 6) != 0 || strlen(name) != 6 + 2 + 1 + 62 || name[8] != '/')
		return false;
	for (const char *c = name + 6; *c; c++)
		if (c != name + 8 && !((*c >= '0' && *c <= '9') || (*c >= 'a' && *c <= 'f')))
			return false;
	return true;
}

static bool is_damaged(const char *path, int part, struct err *err)
{
	return err_set(
		err, ERR_INPUT, path, "this is not a backup of guatu, or it is damaged (part %d)", part);
}

static bool unpack_one(FILE *in, const char *path, int64_t size, struct told *told, struct err *err)
{
	FILE *out = fopen(path, "wxe");
	if (!out)
		return disk_failed(path, err);
	char *bytes = must_alloc(COPY_BYTES);
	int64_t padded = (size + BLOCK - 1) / BLOCK * BLOCK, done = 0;
	bool ok = true;
	while (ok && done < padded) {
		size_t want = padded - done < COPY_BYTES ? (size_t)(padded - done) : COPY_BYTES;
		size_t part =
			size - done < (int64_t)want ? (size_t)(size - done > 0 ? size - done : 0) : want;
		if (fread(bytes, 1, want, in) != want)
			ok = err_set(err, ERR_INPUT, path, "the backup ends too early");
		else if (fwrite(bytes, 1, part, out) != part)
			ok = disk_failed(path, err);
		done += (int64_t)want;
		tell(told, done, padded);
	}
	if (ok && (fflush(out) != 0 || fsync(fileno(out)) != 0))
		ok = disk_failed(path, err);
	free(bytes);
	return (fclose(out) == 0 || disk_failed(path, err)) && ok;
}

static bool unpack(
	FILE *in, const char *backup, const char *folder, struct told *told, struct err *err)
{
	char head[BLOCK];
	struct arena *a = arena_open();
	bool ok = true;
	int entries = 0;
	for (; ok; entries++) {
		if (fread(head, 1, BLOCK, in) != BLOCK) {
			ok = err_set(err, ERR_INPUT, backup, "the backup ends too early");
			break;
		}
		if (head[0] == '\0' && entries)
			break;
		if (!header_is_whole(head) || !name_is_ours(head) ||
			(entries == 0 && strcmp(head, "guatu.json") != 0)) {
			ok = is_damaged(backup, entries + 1, err);
			break;
		}
		const char *path = arena_printf(a, "%s/%s", folder, head);
		char *parent = arena_strdup(a, path);
		*strrchr(parent, '/') = '\0';
		ok = os_make_folder(parent, err) &&
			(os_exists(path)
					? err_set(err, ERR_CONFLICT, path, "a file of this name exists already")
					: unpack_one(in, path, get_size(head), told, err));
	}
	arena_close(a);
	return ok;
}

/* What the note says of the journal; the data file must be what it says, bit by bit. */
static bool read_note(
	struct arena *a, const char *folder, struct journal_head *out, struct err *err)
{
	const char *path = arena_printf(a, "%s/guatu.json", folder),
			   *data = arena_printf(a, "%s/guatu.db", folder);
	struct slice text;
	const struct json *json;
	uint8_t sum[DIGEST_BYTES], noted[DIGEST_BYTES];
	if (!os_read_file(a, path, NOTE_BYTES, &text, err) || !json_parse(a, text, path, &json, err))
		return false;
	out->no = json_int(json_get(json, "journal"), -1);
	if (!hex_decode(json_slice(json_get(json, "hash")), out->hash, DIGEST_BYTES) ||
		!hex_decode(json_slice(json_get(json, "data_sha256")), noted, DIGEST_BYTES))
		return is_damaged(path, 1, err);
	return digest_file(data, sum, err) &&
		(memcmp(sum, noted, sizeof sum) == 0 || is_damaged(data, 2, err));
}

struct file_check {
	struct store *s;
	struct told told;
	int64_t done;
	struct err *err;
	bool ok;
};

static bool check_file(void *self, const struct file_row *row)
{
	struct file_check *c = self;
	struct arena *a = arena_open();
	struct slice bytes;
	c->ok = file_read(c->s, a, row, &bytes, c->err);
	c->done++;
	tell(&c->told, c->done, c->done);
	arena_close(a);
	return c->ok;
}

static bool verify_restored(
	const char *folder, const struct progress *progress, struct chain_report *out, struct err *err)
{
	struct store_options options = {.folder = folder};
	struct store *s;
	struct db *db;
	struct journal_head noted;
	struct arena *a = arena_open();
	bool ok = read_note(a, folder, &noted, err) && store_open(&options, &s, err);
	if (ok) {
		struct file_check check = {
			.s = s, .told = {progress, "verifying files"}, .err = err, .ok = true};
		ok = store_verify(s, progress, out, err);
		if (ok &&
			(out->fault != CHAIN_WHOLE || out->head.no != noted.no ||
				memcmp(out->head.hash, noted.hash, DIGEST_BYTES) != 0))
			ok =
				err_set(err, ERR_INPUT, folder, "the journal of the backup is broken at entry %lld",
					(long long)(out->bad ? out->bad : out->head.no));
		if (ok && (ok = reader_take(s, &db, err))) {
			ok = file_each(db, a, check_file, &check, err) && check.ok;
			reader_give(s, db);
		}
		store_close(s);
	}
	arena_close(a);
	return ok;
}

/* Takes away what an unsuccessful restore left behind: only what restore itself makes. */
static void clear_folder(const char *folder)
{
	static const char *const made[] = {
		"guatu.json", "guatu.db", "guatu.db-wal", "guatu.db-shm", "guatu.lock"};
	struct arena *a = arena_open();
	const char *const *parts, *const *names;
	int nparts = 0, n = 0;
	struct err
		ignored; /* what cannot be listed stays, and the caller hears the first error anyway */
	const char *files = arena_printf(a, "%s/files", folder);
	if (os_list_folder(a, files, NULL, &parts, &nparts, &ignored))
		for (int i = 0; i < nparts; i++) {
			const char *part = arena_printf(a, "%s/%s", files, parts[i]);
			if (os_list_folder(a, part, NULL, &names, &n, &ignored))
				for (int j = 0; j < n; j++)
					unlink(arena_printf(a, "%s/%s", part, names[j]));
			rmdir(part);
		}
	rmdir(files);
	for (size_t i = 0; i < countof(made); i++)
		unlink(arena_printf(a, "%s/%s", folder, made[i]));
	rmdir(folder);
	arena_close(a);
}

/* The note speaks of the backup; from here on the data goes its own way. */
static void drop_note(const char *folder)
{
	struct str path = STR_INIT;
	str_printf(&path, "%s/guatu.json", folder);
	unlink(str_text(&path));
	str_free(&path);
}

bool store_restore(const char *backup, const char *folder, const struct progress *progress,
	struct chain_report *out, struct err *err)
{
	struct told told = {progress, "unpacking the backup"};
	struct arena *a = arena_open();
	bool taken = os_exists(arena_printf(a, "%s/guatu.db", folder)) ||
		os_exists(arena_printf(a, "%s/files", folder));
	arena_close(a);
	if (taken)
		return err_set(
			err, ERR_CONFLICT, folder, "the folder holds data already, it is not overwritten");
	FILE *in = fopen(backup, "re");
	if (!in)
		return errno == ENOENT ? err_set(err, ERR_MISSING, backup, "there is no such file")
							   : disk_failed(backup, err);
	bool ok = os_make_folder(folder, err) && unpack(in, backup, folder, &told, err);
	fclose(in);
	ok = ok && verify_restored(folder, progress, out, err);
	if (!ok)
		clear_folder(folder);
	else
		drop_note(folder);
	return ok;
}

bool store_check_backup(const char *backup, const char *scratch, const struct progress *progress,
	struct chain_report *out, struct err *err)
{
	bool ok = store_restore(backup, scratch, progress, out, err);
	if (ok)
		clear_folder(scratch);
	return ok;
}
