#include "base/os.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct instant os_now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_REALTIME, &t);
	return (struct instant){(int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000};
}

int64_t os_monotonic_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

void os_random(void *bytes, size_t n)
{
	uint8_t *p = bytes;
	while (n) {
		ssize_t got = getrandom(p, n, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			abort();
		p += got;
		n -= (size_t)got;
	}
}

/* What the system says of errno in both languages; what is rare only in its own words. */
static const char *system_word(char out[ERR_BOTH_ROOM])
{
	static const struct {
		int number;
		const char *zh;
	} words[] = {
		{ENOENT, "没有这个文件或文件夹"},
		{EACCES, "没有权限"},
		{EPERM, "不允许"},
		{EROFS, "文件系统只读"},
		{ENOSPC, "磁盘已满"},
		{EDQUOT, "超过磁盘配额"},
		{EFBIG, "文件过大"},
		{EISDIR, "这是文件夹"},
		{ENOTDIR, "路径中有一段不是文件夹"},
		{EEXIST, "已经存在"},
		{ENAMETOOLONG, "名称过长"},
		{EMFILE, "打开的文件过多"},
	};
	const char *en = strerror(errno), *zh = en;

	for (size_t i = 0; i < countof(words); i++)
		if (words[i].number == errno)
			zh = words[i].zh;
	return err_both(out, (struct label){zh, en});
}

static bool system_error(struct err *err, const char *path, const char *what)
{
	enum err_code code = errno == ENOENT                       ? ERR_MISSING
		: errno == EACCES || errno == EPERM || errno == EROFS  ? ERR_DENIED
		: errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? ERR_BUSY
															   : ERR_SYSTEM;
	char word[ERR_BOTH_ROOM];
	return err_set(err, code, path, what, system_word(word));
}

bool os_read_file(
	struct arena *a, const char *path, size_t limit, struct slice *out, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return system_error(err, path, "could not open: %s");
	bool done = false;
	struct stat info;
	if (fstat(fd, &info) != 0) {
		system_error(err, path, "could not read: %s");
		goto out;
	}
	if (S_ISDIR(info.st_mode)) {
		err_set(err, ERR_INPUT, path, "this is a folder, not a file");
		goto out;
	}
	/* pipes and /dev/stdin say nothing of their size, so the size is only a first guess */
	size_t room = info.st_size > 0 ? (size_t)info.st_size + 1 : 65536, n = 0;
	if (info.st_size > 0 && (uint64_t)info.st_size > limit)
		room = limit + 1;
	char *bytes = arena_alloc(a, room + 1);
	for (;;) {
		ssize_t got = read(fd, bytes + n, room - n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			system_error(err, path, "could not read: %s");
			goto out;
		}
		if (got == 0)
			break;
		n += (size_t)got;
		if (n > limit) {
			err_set(err, ERR_LIMIT, path, "larger than %zu bytes", limit);
			goto out;
		}
		if (n == room) {
			bytes = arena_grow(a, bytes, room + 1, room * 2 + 1, 1);
			room *= 2;
		}
	}
	bytes[n] = '\0';
	*out = (struct slice){bytes, n};
	done = true;
out:
	close(fd);
	return done;
}

static bool write_all(int fd, struct slice bytes)
{
	while (bytes.n) {
		ssize_t put = write(fd, bytes.s, bytes.n);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return false;
		bytes.s += put;
		bytes.n -= (size_t)put;
	}
	return true;
}

/* A renamed file is only safe once its folder is synced as well. */
static void sync_folder_of(const char *path)
{
	char folder[4096];
	const char *slash = strrchr(path, '/');
	if (!slash || (size_t)(slash - path) >= sizeof(folder))
		return;
	snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path), path);
	int fd = open(folder[0] ? folder : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	fsync(fd);
	close(fd);
}

bool os_write_file(const char *path, struct slice bytes, struct err *err)
{
	char beside[4096];
	if (snprintf(beside, sizeof(beside), "%s.%d.part", path, (int)getpid()) >= (int)sizeof(beside))
		return err_set(err, ERR_LIMIT, NULL, "path \"%.80s\" is too long", path);
	int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
	if (fd < 0)
		return system_error(err, path, "could not write: %s");
	bool done = write_all(fd, bytes) && fsync(fd) == 0;
	int reason = errno;
	if (close(fd) != 0 && done) {
		done = false;
		reason = errno;
	}
	if (done && rename(beside, path) != 0) {
		done = false;
		reason = errno;
	}
	if (!done) {
		unlink(beside);
		errno = reason;
		return system_error(err, path, "could not write: %s");
	}
	sync_folder_of(path);
	return true;
}

bool os_make_folder(const char *path, struct err *err)
{
	char part[4096];
	size_t n = strlen(path);
	if (n >= sizeof(part))
		return err_set(err, ERR_LIMIT, NULL, "path \"%.80s\" is too long", path);
	for (size_t i = 1; i <= n; i++) {
		if (path[i] != '/' && path[i] != '\0')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		if (mkdir(part, 0750) != 0 && errno != EEXIST)
			return system_error(err, part, "could not make the folder: %s");
	}
	struct stat info;
	if (stat(path, &info) != 0 || !S_ISDIR(info.st_mode))
		return err_set(err, ERR_INPUT, path, "this is not a folder");
	return true;
}

bool os_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool ends_with(const char *name, const char *suffix)
{
	size_t n = strlen(name), m = strlen(suffix);
	return n >= m && strcmp(name + n - m, suffix) == 0;
}

bool os_list_folder(struct arena *a, const char *path, const char *suffix,
	const char *const **names, int *n, struct err *err)
{
	DIR *folder = opendir(path);
	if (!folder)
		return system_error(err, path, "could not open the folder: %s");
	int count = 0, room = 16;
	const char **list = ARENA_ARRAY(a, const char *, 16);
	for (const struct dirent *entry; (entry = readdir(folder));) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
			(suffix && !ends_with(entry->d_name, suffix)))
			continue;
		if (count == room) {
			list = arena_grow(a, list, (size_t)room, (size_t)room * 2, sizeof(*list));
			room *= 2;
		}
		list[count++] = arena_strdup(a, entry->d_name);
	}
	closedir(folder);
	qsort(list, (size_t)count, sizeof(*list), by_name);
	*names = list;
	*n = count;
	return true;
}

int64_t os_memory_bytes(void)
{
	FILE *f = fopen("/proc/self/statm", "re");
	if (!f)
		return -1;
	long long pages = -1, resident = -1;
	int got = fscanf(f, "%lld %lld", &pages, &resident);
	fclose(f);
	return got == 2 ? resident * sysconf(_SC_PAGESIZE) : -1;
}

bool os_is_terminal(int fd)
{
	return isatty(fd) == 1;
}
