"""Requests that hide a second request, or that no honest client sends, over plain sockets.

usage: probes.py GUATU

Each must be refused (and the connection closed, so that nothing after it is read as a request), and the server must
go on answering. RFC 9112 sections 2.2, 5.1, 6 and 11.2.
"""
import os
import re
import socket
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import run  # noqa: E402

HOST = b"Host: a\r\n"
GET = b"GET /healthz HTTP/1.1\r\n"
POST = b"POST /api/session HTTP/1.1\r\n"
JSON = b"Content-Type: application/json\r\n"
BODY = b'{"login":"x","password":"y"}'
LENGTH = b"Content-Length: %d\r\n" % len(BODY)
CHUNKED = b"Transfer-Encoding: chunked\r\n"
CHUNKS = b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY)
SECOND = GET + HOST + b"\r\n"

# name, bytes, the first status wanted, whether the connection must end
PROBES = [
    ("a good request", GET + HOST + b"\r\n", 200, False),
    ("a good body", POST + HOST + JSON + LENGTH + b"\r\n" + BODY, 401, False),
    ("a good chunked body", POST + HOST + JSON + CHUNKED + b"\r\n" + CHUNKS, 401, False),
    ("an empty value and spaces around one", GET + HOST + b"X-A:\r\nX-B:  b  \r\n\r\n", 200, False),
    ("an empty line before the request", b"\r\n" + GET + HOST + b"\r\n", 200, False),
    ("HTTP/1.0 without Host", b"GET /healthz HTTP/1.0\r\n\r\n", 200, True),
    ("Content-Length and Transfer-Encoding", POST + HOST + JSON + LENGTH + CHUNKED + b"\r\n" + CHUNKS + SECOND, 400, True),
    ("two different Content-Length", POST + HOST + JSON + LENGTH + b"Content-Length: 3\r\n\r\n" + BODY + SECOND, 400, True),
    ("Content-Length twice", POST + HOST + JSON + LENGTH + LENGTH + b"\r\n" + BODY + SECOND, 400, True),
    ("Content-Length: +3", POST + HOST + b"Content-Length: +3\r\n\r\nabc" + SECOND, 400, True),
    ("Content-Length: -3", POST + HOST + b"Content-Length: -3\r\n\r\nabc" + SECOND, 400, True),
    ("Content-Length: 3, 3", POST + HOST + b"Content-Length: 3, 3\r\n\r\nabc" + SECOND, 400, True),
    ("Content-Length: 0x3", POST + HOST + b"Content-Length: 0x3\r\n\r\nabc" + SECOND, 400, True),
    ("Transfer-Encoding: xchunked", POST + HOST + b"Transfer-Encoding: xchunked\r\n\r\n" + CHUNKS + SECOND, 400, True),
    ("Transfer-Encoding: gzip, chunked", POST + HOST + b"Transfer-Encoding: gzip, chunked\r\n\r\n" + CHUNKS, 400, True),
    ("Transfer-Encoding twice", POST + HOST + CHUNKED + CHUNKED + b"\r\n" + CHUNKS + SECOND, 400, True),
    ("a chunk length that is no number", POST + HOST + JSON + CHUNKED + b"\r\nzz\r\n" + BODY, 400, True),
    ("a negative chunk length", POST + HOST + JSON + CHUNKED + b"\r\n-1\r\n" + BODY, 400, True),
    ("a chunk length past 64 bits", POST + HOST + JSON + CHUNKED + b"\r\nfffffffffffffffff\r\n" + BODY, 413, True),
    ("a chunked body past the limit", POST + HOST + JSON + CHUNKED + b"\r\n4000\r\n" + b"a" * 0x4000 + b"\r\n0\r\n\r\n", 413,
     False),
    ("a declared body past the limit", POST + HOST + JSON + b"Content-Length: 99999999\r\n\r\nabc", 413, True),
    ("a bare CR in a value", GET + HOST + b"X-A: a\rb\r\n\r\n", 400, True),
    ("a bare LF ending a header", GET + HOST + b"X-A: a\nX-B: b\r\n\r\n", 400, True),
    ("bare LFs throughout", b"GET /healthz HTTP/1.1\nHost: a\n\n", 400, True),
    ("NUL in a value", GET + HOST + b"X-A: a\0b\r\nX-B: c\r\n\r\n", 400, True),
    ("NUL in the last value", GET + HOST + b"X-A: a\0b\r\n\r\n", 400, True),
    ("NUL in a name", GET + HOST + b"X\0A: b\r\n\r\n", 400, True),
    ("NUL in the address", b"GET /healthz\0x HTTP/1.1\r\n" + HOST + b"\r\n", 400, True),
    ("a folded header", GET + HOST + b"X-A: a\r\n b\r\n\r\n", 400, True),
    ("a space before the colon", GET + HOST + b"X-A : a\r\n\r\n", 400, True),
    ("a space before the first header", GET + b" X-A: a\r\n" + HOST + b"\r\n", 400, True),
    ("a header without colon", GET + HOST + b"XA\r\n\r\n", 400, True),
    ("no Host", GET + b"\r\n", 400, True),
    ("two Host", GET + HOST + HOST + b"\r\n", 400, True),
    ("a Host that is none", GET + b"Host: a/b@c\r\n\r\n", 400, True),
    ("HTTP/2.0", b"GET /healthz HTTP/2.0\r\n" + HOST + b"\r\n", 505, True),
    ("an absolute address", b"GET http://a/healthz HTTP/1.1\r\n" + HOST + b"\r\n", 400, True),
    ("OPTIONS *", b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n", 400, True),
    ("dots in the address", b"GET /assets/..%2f../x/../y HTTP/1.1\r\n" + HOST + b"\r\n", 400, True),
    ("64 KiB of one header", GET + HOST + b"X-A: " + b"a" * 65536 + b"\r\n\r\n", 431, True),
    ("1,000 headers", GET + HOST + b"X-A: a\r\n" * 1000 + b"\r\n", 431, True),
    ("101 headers", GET + HOST + b"X: a\r\n" * 100 + b"\r\n", 431, True),
    ("an address past its limit", b"GET /healthz?" + b"a" * 9000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414, True),
    ("an address of 60 kB", b"GET /healthz?" + b"a" * 60000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414, True),
    ("13 parts", b"GET /" + b"a/" * 13 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414, True),
]


def ask(port, request):
    """The statuses of all answers, and whether the server ended the connection."""
    s = socket.create_connection(("127.0.0.1", port))
    s.settimeout(run.PATIENCE)
    got, ended = b"", False
    try:
        s.sendall(request)
        while True:
            piece = s.recv(65536)
            if not piece:
                ended = True
                break
            got += piece
            head, mark, rest = got.partition(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: (\d+)", head)
            whole = mark and length and len(rest) >= int(length.group(1))
            if whole and b"connection: close" not in head.lower():
                break  # kept alive: nothing more has to come
    except ConnectionError:
        ended = True
    except socket.timeout:
        pass
    s.close()
    return [int(x) for x in re.findall(rb"^HTTP/1\.[01] (\d+)", got, re.M)], ended


def pipelined(port):
    s = socket.create_connection(("127.0.0.1", port))
    s.settimeout(run.PATIENCE)
    s.sendall((GET + HOST + b"\r\n") * 3)
    got = b""
    while got.count(b"HTTP/1.1 200") < 3:
        piece = s.recv(65536)
        if not piece:
            break
        got += piece
    s.close()
    return got.count(b"HTTP/1.1 200") == 3


def trickled(port):
    """A request sent byte by byte is one request."""
    s = socket.create_connection(("127.0.0.1", port))
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    s.settimeout(run.PATIENCE)
    for byte in POST + HOST + JSON + LENGTH + b"\r\n" + BODY:
        s.sendall(bytes([byte]))
    got = s.recv(65536)
    s.close()
    return got.startswith(b"HTTP/1.1 401")


def left_half_way(port):
    """Clients that vanish in the middle of things leave nothing behind."""
    for cut in (3, 20, 60, 90):
        for _ in range(20):
            s = socket.create_connection(("127.0.0.1", port))
            s.sendall((POST + HOST + JSON + b"Content-Length: 4000\r\n\r\n" + BODY)[:cut])
            s.close()
    return ask(port, GET + HOST + b"\r\n")[0] == [200]


def main():
    server = run.Server(os.path.abspath(sys.argv[1]))
    passed = failed = 0

    def check(name, good, detail=""):
        nonlocal passed, failed
        passed, failed = passed + bool(good), failed + (not good)
        if not good:
            print(f"FAILED {name} {detail}")

    try:
        for name, request, status, ends in PROBES:
            statuses, ended = ask(server.port, request)
            # the library's own answer to a bad length repeats its head inside its body: one answer all the same
            once = len(statuses) == 1 or (len(statuses) == 2 and ends and status == 400)
            check(name, set(statuses) == {status} and once and (ended or not ends),
                  f"want {status}{' and the end' if ends else ''}, got {statuses}, ended: {ended}")
        check("three requests at once", pipelined(server.port))
        check("byte by byte", trickled(server.port))
        check("half a request", left_half_way(server.port))
        check("the server goes on", ask(server.port, GET + HOST + b"\r\n")[0] == [200])
    finally:
        code = server.stop()
    check("the server stops cleanly", code == 0, f"code {code}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
