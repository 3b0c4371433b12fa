/* Runs a fuzz target over every file of a folder: crashes of the past stay fixed in every build. usage: replay FOLDER */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return alphasort(a, b);
}

static int is_input(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* The bytes are copied to a block of exactly their size, so that a sanitizer sees every read past the end. */
static int run(const char *path)
{
	FILE *file = fopen(path, "rb");
	long n;

	if (!file || fseek(file, 0, SEEK_END) != 0 || (n = ftell(file)) < 0 ||
		fseek(file, 0, SEEK_SET) != 0) {
		perror(path);
		return 1;
	}
	uint8_t *bytes = malloc((size_t)n + (n == 0));
	if (!bytes || fread(bytes, 1, (size_t)n, file) != (size_t)n) {
		perror(path);
		return 1;
	}
	fclose(file);
	LLVMFuzzerTestOneInput(bytes, (size_t)n);
	free(bytes);
	return 0;
}

int main(int argc, char **argv)
{
	struct dirent **names;
	char path[4096];
	int n = argc == 2 ? scandir(argv[1], &names, is_input, by_name) : -1;

	if (n < 0) {
		perror(argc == 2 ? argv[1] : "usage: replay FOLDER");
		return 2;
	}
	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof path, "%s/%s", argv[1], names[i]->d_name);
		if (run(path))
			return 2;
		free(names[i]);
	}
	free(names);
	printf("%d passed, 0 failed\n", n);
	return n ? 0 : 2;
}
