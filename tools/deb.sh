#!/bin/sh
# Makes a Debian package from a build folder. usage: deb.sh BUILD
set -eu
build=$1
version=$("$build/guatu" version | cut -d' ' -f2)
arch=$(dpkg --print-architecture)
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
DESTDIR=$stage meson install -C "$build" --no-rebuild --quiet --skip-subprojects
# meson's default prefix is /usr/local; a package owns /usr
if [ -d "$stage/usr/local" ]; then
	for part in bin share lib; do
		[ -d "$stage/usr/local/$part" ] && mkdir -p "$stage/usr/$part" && cp -a "$stage/usr/local/$part/." "$stage/usr/$part/"
	done
	rm -rf "$stage/usr/local"
fi
strip --strip-unneeded "$stage/usr/bin/guatu"
find "$stage/usr/share/man" -name '*.1' -exec gzip -9n {} +
mkdir -p "$stage/DEBIAN"
# the packages that own the libraries the program is linked with
needs=$(ldd "$stage/usr/bin/guatu" | awk '/=> \//{print $3}' | while read -r lib; do
	dpkg-query -S "$(readlink -f "$lib")" "$lib" "/usr$lib" 2>/dev/null | head -1 | cut -d: -f1
done | sort -u | grep -v '^libc6$' | paste -sd, | sed 's/,/, /g')
size=$(du -sk "$stage/usr" | cut -f1)
cat > "$stage/DEBIAN/control" <<EOF
Package: guatu
Version: $version
Section: misc
Priority: optional
Architecture: $arch
Installed-Size: $size
Depends: libc6, $needs
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
