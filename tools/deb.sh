#!/bin/sh
# Makes a Debian package from a build folder. usage: deb.sh BUILD
set -eu
build=$1
version=$("$build/guatu" version | cut -d' ' -f2)
arch=$(dpkg --print-architecture)
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
chmod 755 "$stage"
umask 022
DESTDIR=$stage meson install -C "$build" --no-rebuild --quiet --skip-subprojects
# meson's default prefix is /usr/local; a package owns /usr
if [ -d "$stage/usr/local" ]; then
	for part in bin share lib; do
		[ -d "$stage/usr/local/$part" ] && mkdir -p "$stage/usr/$part" && cp -a "$stage/usr/local/$part/." "$stage/usr/$part/"
	done
	rm -rf "$stage/usr/local"
	sed -i 's|/usr/local/bin|/usr/bin|' "$stage/usr/lib/systemd/system/guatu.service"
fi
strip --strip-unneeded "$stage/usr/bin/guatu"
find "$stage/usr/share/man" -name '*.1' -exec gzip -9n {} +
mkdir -p "$stage/DEBIAN"
# the packages that own the libraries the program names itself; theirs they know themselves
needs=$(objdump -p "$build/guatu" | awk '$1 == "NEEDED" {print $2}' | while read -r name; do
	lib=$(ldd "$build/guatu" | awk -v name="$name" '$1 == name {print $3}')
	dpkg-query -S "$(readlink -f "$lib")" "$lib" "/usr$lib" 2>/dev/null | head -1 | cut -d: -f1
done | sort -u | grep -v '^libc6$' | paste -sd, | sed 's/,/, /g')
libc=$(objdump -T "$build/guatu" | grep -o 'GLIBC_2[0-9.]*' | sort -uV | tail -1 | cut -d_ -f2)
doc=$stage/usr/share/doc/guatu
cat > "$doc/copyright" <<EOF
guatu is under the Apache License, Version 2.0: /usr/share/common-licenses/Apache-2.0.
What it is linked with and what is embedded:

$(cat NOTICE)
EOF
rm "$doc/LICENSE" "$doc/NOTICE"
printf 'guatu (%s) stable; urgency=medium\n\n  * See the history of the source.\n\n -- guatu team <team@guatu.invalid>  %s\n' \
	"$version" "$(git log -1 --format=%cD 2>/dev/null || date -R)" | gzip -9n > "$doc/changelog.gz"
size=$(du -sk "$stage/usr" | cut -f1)
cat > "$stage/DEBIAN/control" <<EOF
Package: guatu
Version: $version
Section: misc
Priority: optional
Architecture: $arch
Installed-Size: $size
Depends: libc6 (>= $libc), $needs
Maintainer: guatu team <team@guatu.invalid>
Description: wall chart of a county's major projects
 Registers, clocks, lights, rankings and bulletins for the major projects of a
 county, city or province, as one program with one data file.
EOF
cat > "$stage/DEBIAN/postinst" <<'EOF'
#!/bin/sh
set -e
if [ -d /run/systemd/system ]; then
	systemctl daemon-reload
	systemctl enable guatu.service || true
fi
echo "guatu is installed. Start it with: systemctl start guatu"
echo "The first sign-in link stands in:   journalctl -u guatu"
EOF
cat > "$stage/DEBIAN/prerm" <<'EOF'
#!/bin/sh
set -e
if [ -d /run/systemd/system ] && [ "$1" = remove ]; then
	systemctl disable --now guatu.service || true
fi
EOF
chmod 755 "$stage/DEBIAN/postinst" "$stage/DEBIAN/prerm"
out="$build/guatu_${version}_${arch}.deb"
dpkg-deb --root-owner-group --build "$stage" "$out" >/dev/null
echo "$out"
