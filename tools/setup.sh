#!/bin/sh
# Installs the Debian packages that are missing, saying what and why. usage: setup.sh build|test|bench ...
set -eu

packages() {
	case $1 in
	build) cat <<-'LIST'
		gcc                  the C compiler
		meson                describes the build
		ninja-build          runs the build
		pkg-config           finds the libraries below
		libmicrohttpd-dev    HTTP server
		libjansson-dev       reads JSON
		libsqlite3-dev       the data file
		libssl-dev           SM3 and SHA-256
		libsodium-dev        password hashing (Argon2id)
		libzip-dev           opens .xlsx
		libexpat1-dev        reads XML
		libxlsxwriter-dev    writes .xlsx
		libcairo2-dev        draws charts as PDF
		libpango1.0-dev      text of charts
		fonts-noto-cjk       Chinese on charts
		zlib1g-dev           compresses answers
		libbrotli-dev        compresses answers
		brotli               compresses the web pages
		libcmocka-dev        unit tests
		nodejs               builds the web pages
		npm                  fetches what the web pages are built from
		LIST
		;;
	test) cat <<-'LIST'
		clang                sanitizers, fuzzing
		libclang-rt-14-dev   runtime of the sanitizers
		lld                  links the schedule engine for the browser (WebAssembly)
		clang-format         layout
		chromium             browser tests
		poppler-utils        turns charts into pictures
		zbar-tools           reads the codes on them
		sqlite3              looks into the data file from outside
		curl                 speaks raw HTTP in tests
		libreoffice-calc-nogui  opens what we export
		LIST
		;;
	bench) cat <<-'LIST'
		wrk                  HTTP load
		postgresql           a peer
		libpq-dev            a peer's client
		LIST
		;;
	esac
}

missing=""
for group in "$@"; do
	while read -r name why; do
		[ -n "$name" ] || continue
		# node and npm may come from elsewhere than Debian
		case $name in nodejs) command -v node >/dev/null && continue ;; npm) command -v npm >/dev/null && continue ;; esac
		if ! dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'ok installed'; then
			echo "needed: $name ($why)"
			missing="$missing $name"
		fi
	done <<-EOF
		$(packages "$group")
	EOF
done
[ -n "$missing" ] || exit 0

sudo=""
if [ "$(id -u)" != 0 ]; then
	command -v sudo >/dev/null || { echo "setup: please run as root, or install:$missing" >&2; exit 1; }
	sudo=sudo
fi
$sudo apt-get update -qq
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null
