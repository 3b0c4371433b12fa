/* Serving until told to stop. Says ready to systemd (one datagram; no library). */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "app/session.h"
#include "base/log.h"
#include "base/num.h"
#include "base/os.h"
#include "cli/command.h"
#include "web/server.h"

static void tell_systemd(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	if (!path || !path[0] || strlen(path) >= sizeof(to.sun_path))
		return;
	memcpy(to.sun_path, path, strlen(path));
	if (to.sun_path[0] == '@')
		to.sun_path[0] = '\0';
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
	if (sendto(fd, state, strlen(state), 0, (const struct sockaddr *)&to, size) < 0)
		log_line(LOG_LEVEL_WARNING, "could not tell systemd");
	close(fd);
}

/* "127.0.0.1:8420", "[::1]:8420", ":8420". The address is written into `host`. */
static bool split_address(const char *text, char *host, size_t room, int *port)
{
	const char *colon = strrchr(text, ':');
	int64_t number;
	if (!colon || !num_int(slice_of(colon + 1), &number) || number < 0 || number > 65535)
		return false;
	size_t n = (size_t)(colon - text);
	if (n >= 2 && text[0] == '[' && text[n - 1] == ']')
		text++, n -= 2;
	if (n >= room)
		return false;
	memcpy(host, text, n);
	host[n] = '\0';
	*port = (int)number;
	return true;
}

static void welcome(struct app *app, const struct web_options *options, int port)
{
	bool zh = cli_lang() == LANG_ZH;
	const char *scheme = options->certificate ? "https" : "http";
	const char *address = options->address && options->address[0] ? options->address : "127.0.0.1";
	printf(zh ? "guatu 挂图已启动：%s://%s:%d/\n" : "guatu is running: %s://%s:%d/\n", scheme,
		address, port);
	struct arena *a = arena_open();
	struct err err;
	const char *code;
	/* a person at the keyboard, or nobody who could sign in yet: print a way in */
	if (given("--print-link") || os_is_terminal(STDOUT_FILENO) || session_first_run(app)) {
		if (session_make_link(app, a, NULL, &code, &err))
			printf(zh ? "管理员一次性登录链接（%d 小时内有效）：\n  %s://%s:%d/#/link/%s\n"
					  : "one-time sign-in link for the administrator (good for %d hours):\n  "
						"%s://%s:%d/#/link/%s\n",
				SESSION_LINK_HOURS, scheme, address, port, code);
		else
			(void)fail(&err);
	}
	printf(zh ? "按 Ctrl-C 停止。\n" : "Ctrl-C stops it.\n");
	fflush(stdout);
	arena_close(a);
}

int run_serve(const struct command *self)
{
	(void)self;
	char host[128] = "127.0.0.1";
	int port = 8420;
	const char *listen = given("--listen");
	if (listen && !split_address(listen, host, sizeof(host), &port)) {
		fprintf(stderr,
			cli_lang() == LANG_ZH ? "guatu: 监听地址“%s”应为 地址:端口\n"
								  : "guatu: \"%s\" should be ADDRESS:PORT\n",
			listen);
		return EXIT_USAGE;
	}
	int64_t workers = 0;
	if (!given_number("--workers", 1, 1024, &workers))
		return EXIT_USAGE;
	sigset_t ends;
	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	pthread_sigmask(
		SIG_BLOCK, &ends, NULL); /* every thread inherits it; only sigwait below takes them */
	struct err err;
	struct app *app = NULL;
	struct web *web = NULL;
	if (!open_app((struct app_options){0}, &app, &err))
		return fail(&err);
	char *spool = NULL, *backups = NULL;
	if (asprintf(&spool, "%s/spool", data_folder()) < 0 ||
		asprintf(&backups, "%s/backups", data_folder()) < 0)
		abort();
	struct web_options options = {.address = host,
		.port = port,
		.certificate = given("--certificate"),
		.key = given("--key"),
		.behind_https = given("--behind-https") != NULL,
		.workers = (int)workers,
		.metrics_token = given("--metrics-token"),
		.log_requests = given("--log-requests") != NULL,
		.spool = spool,
		.backups = backups};
	int code = EXIT_DONE;
	if (!os_make_folder(spool, &err) || !os_make_folder(backups, &err) ||
		!web_serve(app, &options, &web, &err)) {
		code = fail(&err);
	} else {
		if (given("--print-port"))
			printf("%d\n", web_port(web)), fflush(stdout);
		else
			welcome(app, &options, web_port(web));
		tell_systemd("READY=1");
		int signal;
		while (sigwait(&ends, &signal) != 0)
			;
		tell_systemd("STOPPING=1");
	}
	web_stop(web);
	app_close(app);
	free(spool);
	free(backups);
	return code;
}
