"""Values that no honest person types, by family, and bodies that no honest program sends."""

MARK = "h0st1le"
# What must not come back as it was sent: markup, a way out of an attribute, a header of its own.
MARKUP = (f"<script>{MARK}()</script>", f'"><i x={MARK}>', f"'><i y={MARK}>", f"<svg/onload={MARK}()>")

CHARACTERS = [
    "\0",
    "a\0b",
    "\x01\x08\x1b[31m",
    "\x7f\x85",
    "\u202egnp.exe",
    "\u2066a\u2069",
    "\u200b",
    "\u200d\U0001f469\u200d\U0001f52c",
    "\ufeff",
    "\ufffe\uffff",
    "\ud800",
    "e" + "\u0301" * 500,
    "İıſßŒ",
    "ｆｕｌｌ＠ｗｉｄｔｈ．ｅｘ",
    "раураl@example.org",
    "٣٤٥",
    "\u2028\u2029",
    "\U000e0041",
]
LENGTHS = ["", " ", "\t\n", "x" * 10_000, "ä" * 70_000, "9" * 5_000, "a@" + "b" * 300 + ".org", "a/" * 2_000]
INJECTIONS = [
    *MARKUP,
    "' OR 1=1 --",
    "1; DROP TABLE accounts_user; --",
    "%' ESCAPE '",
    "\\",
    "%00%0d%0a",
    "(((([[[[{{{{",
    "(a+)+$",
    "{{ 7|add:7 }}{% debug %}",
    "{0.__class__.__init__.__globals__}",
    "%s%n%(x)s",
    "${jndi:ldap://x}",
    f"en\r\nX-Hostile: {MARK}",
    f"a@example.org\nBcc: {MARK}@example.org",
    '=HYPERLINK("http://x")',
    "*)(uid=*",
    "null",
    "__proto__",
]
PLACES = [
    "../../../../etc/passwd",
    "..%2f..%2f",
    "//example.com/",
    "/\\example.com",
    "http://[",
    "javascript:alert(1)",
    "file://localhost/etc/passwd",
    "data:text/html,x",
    "\\\\host\\share",
]
NUMBERS = [
    "-1",
    "0",
    "1e400",
    "NaN",
    "Infinity",
    "-0",
    "1_000",
    "0x10",
    "1" + "0" * 40,
    "9223372036854775808",
    "2147483648",
]
DAYS = [
    "0001-01-01",
    "9999-12-31",
    "2026-02-30",
    "2024-02-29",
    "10000-01-01",
    "2026-W47-5",
    "2026-03-29T02:30",
    "now",
]
VALUES = [*CHARACTERS, *LENGTHS, *INJECTIONS, *PLACES, *NUMBERS, *DAYS]

# What has broken something before: every field meets these. The others take turns.
WORST = [
    "\0",
    "\ud800",
    "9" * 5_000,
    MARKUP[1],
    f"en\r\nX-Hostile: {MARK}",
    "http://[",
    "1" + "0" * 40,
    "9999-12-31",
]
TURNS = 20


def values_for(turn: int) -> list[str]:
    """The worst and a twentieth of all others, so that twenty fields in a row meet every value between them."""
    return [*WORST, *VALUES[turn % TURNS :: TURNS]]


BODIES = [
    b"",
    b"[" * 100_000,
    b'{"a":' * 20_000,
    b"[" * 39 + b"]" * 39,
    b'{"course": "a", "course": {"b": 1}}',
    b'{"course": NaN, "email": Infinity}',
    b'\xef\xbb\xbf{"course": "a"}',
    b'{"course": "\xff\xfe"}',
    b'{"course": "\\u0000", "email": "a\\u0000", "change_note": {"\\u0000": "x"}, "reason": "\\u0000"}',
    b'{"course": "\\ud800", "email": "\\ud800", "change_note": {"\\ud800": "x"}, "reason": "\\ud800"}',
    b'{"course": ',
    b"[1, 2]",
    b'"text"',
    b"null",
    b"7",
    b'{"answers": {"' + b"9" * 5_000 + b'": ["1"]}}',
    b'{"answers": {"1": [[[1]]], "-1": [], "\\u0661": ["1"]}}',
    b'{"answers": [], "change_note": {"en": {"a": 1}}, "reason": ["x"], "country": {}, "language": []}',
    b'{"course": ' + b"9" * 5_000 + b"}",
    b"{" + b", ".join(b'"k%d": 1' % number for number in range(50_000)) + b"}",
]
TYPES = [
    "application/json",
    "application/json; charset=utf-16",
    "application/x-www-form-urlencoded; charset=hex",
    "multipart/form-data; boundary=x; charset=idna",
    "multipart/form-data",
    "text/plain",
    "application/xml",
    "a",
]
