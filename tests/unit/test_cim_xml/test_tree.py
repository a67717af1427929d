"""
Bytes to an element tree: what is accepted, what is refused and where.
"""

from __future__ import annotations

import gc
import random
from xml.etree.ElementTree import Element, tostring

import pytest

from pywbem import XMLParseError, config
from pywbem._cim_xml.read import tree
from pywbem._cim_xml.read.stream import StreamParser
from pywbem._cim_xml.read.tree import MAX_DEPTH, PIECE_SIZE, TreeParser, parse

BOMB = (
    '<!DOCTYPE VALUE [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(ord(c) + 1)} "{f"&{c};" * 10}">' for c in "abcdefgh")
    + "]><VALUE>&i;</VALUE>"
)

ACCEPTED = {
    "text": (b"<VALUE>a &lt; b</VALUE>", "a < b"),
    "character reference": (b"<VALUE>&#x263a;&#9;</VALUE>", "\u263a\t"),
    "CDATA": (b"<VALUE><![CDATA[<b>]]></VALUE>", "<b>"),
    "comment": (b"<VALUE>a<!-- c -->b</VALUE>", "ab"),
    "processing instruction": (b"<VALUE>a<?p i?>b</VALUE>", "ab"),
    "byte order mark": (b"\xef\xbb\xbf<VALUE>\xc3\xa4</VALUE>", "\xe4"),
    "UTF-16": (
        '<?xml version="1.0" encoding="UTF-16"?><VALUE>\xe4</VALUE>'.encode("utf-16"),
        "\xe4",
    ),
    "ISO-8859-1": (b'<?xml version="1.0" encoding="ISO-8859-1"?><VALUE>\xe4</VALUE>', "\xe4"),
    "windows-1252": (b'<?xml version="1.0" encoding="windows-1252"?><VALUE>\x80</VALUE>', "\u20ac"),
    "DTD": (b'<!DOCTYPE CIM SYSTEM "CIM_DTD_V20.dtd">\n<VALUE>x</VALUE>', "x"),
    "DTD by public name": (
        b'<!DOCTYPE CIM PUBLIC "-//DMTF//DTD CIM 2.0//EN" "http://127.0.0.1:1/x.dtd"><VALUE/>',
        None,
    ),
    "DTD that is not named": (b"<!-- a --><!DOCTYPE CIM><?b c?>\n<VALUE>&lt;&#65;</VALUE>", "<A"),
    "DTD over several lines": (
        b"<?xml version='1.0'?>\r\n<!DOCTYPE\r\n CIM\r\n SYSTEM '<!DTD'\r\n>\r\n<VALUE>x</VALUE>",
        "x",
    ),
    "DTD in UTF-16": (
        '\ufeff<!DOCTYPE CIM SYSTEM "x.dtd">\n<VALUE>\xe4</VALUE>'.encode("utf-16-le"),
        "\xe4",
    ),
    "DTD in UTF-16, big-endian": (
        '\ufeff<!DOCTYPE CIM SYSTEM "x.dtd">\n<VALUE>\xe4</VALUE>'.encode("utf-16-be"),
        "\xe4",
    ),
    "text with a declaration": (
        '<?xml version="1.0" encoding="UTF-16"?><VALUE>\xe4</VALUE>',
        "\xe4",
    ),
    "deepest": (
        b"<A>" * MAX_DEPTH + b"<VALUE>x</VALUE>" + b"</A>" * MAX_DEPTH,
        "x",
    ),
}

REFUSED = {
    "nothing": (b"", 1, 1, "no element found"),
    "white space": (b" \n ", 2, 2, "no element found"),
    "garbage": (b"HTTP/1.1", 1, 5, "invalid token"),
    "truncated": (b"<A>\n<B>", 2, 4, "no element found"),
    "mismatched tag": (b"<A>\n <B></A>", 2, 7, "mismatched tag"),
    "two roots": (b"<A/>\n<B/>", 2, 1, "junk after document element"),
    "duplicate attribute": (b'<A B="1" B="2"/>', 1, 10, "duplicate attribute"),
    "invalid UTF-8": (b"<A>\xc3\x28</A>", 1, 4, "not well-formed"),
    "overlong UTF-8": (b"<A>\xc0\xaf</A>", 1, 4, "not well-formed"),
    "surrogate in UTF-8": (b"<A>\xed\xa0\x80</A>", 1, 4, "not well-formed"),
    "surrogate in text": ("<A>\ud800</A>", 1, 4, "not well-formed"),
    "control character": (b"<A>ab\x01</A>", 1, 6, "not well-formed"),
    "reference to control character": (b"<A>&#1;</A>", 1, 4, "invalid character number"),
    "noncharacter": (b"<A>\xef\xbf\xbf</A>", 1, 4, "not well-formed"),
    "undefined entity": (b"<A>\n&nbsp;</A>", 2, 1, "undefined entity"),
    "document type with a subset": (
        b"<!DOCTYPE A []><A/>",
        1,
        None,
        "document type declaration with an internal subset (<!DOCTYPE A",
    ),
    "external document type with a subset": (
        b'<!DOCTYPE A SYSTEM "CIM.dtd" [<!ATTLIST A b CDATA "c">]><A/>',
        1,
        None,
        "document type declaration",
    ),
    "entity that a DTD might define": (
        b'<!DOCTYPE A SYSTEM "CIM.dtd">\n<A>&x;</A>',
        2,
        4,
        "undefined entity",
    ),
    "entity of a DTD in an attribute": (
        b'<!DOCTYPE A SYSTEM "CIM.dtd">\n<A b="&x;"/>',
        2,
        None,
        "undefined entity",
    ),
    "second document type": (b"<!DOCTYPE A><!DOCTYPE A><A/>", 1, None, "syntax error"),
    "document type and nothing": (b'<!DOCTYPE A SYSTEM "CIM.dtd">\n', 2, 1, "no element found"),
    "wrong after a document type": (
        b'<!DOCTYPE A\n SYSTEM "CIM.dtd">\n<A>\n </B>',
        4,
        4,
        "mismatched tag",
    ),
    "entity": (b'<!DOCTYPE A [<!ENTITY x "y">]><A>&x;</A>', 1, None, "document type declaration"),
    "entity bomb": (BOMB.encode(), 1, None, "document type declaration"),
    "unknown encoding": (b'<?xml version="1.0" encoding="foo"?><A/>', 1, 1, "encoding"),
    "multi-byte encoding": (b'<?xml version="1.0" encoding="shift_jis"?><A/>', 1, 1, "encoding"),
    "not closed and too deep": (b"<A>" * 10000, 1, None, "no element found"),
    "too deep": (
        b"<A>" * (MAX_DEPTH + 2) + b"</A>" * (MAX_DEPTH + 2),
        1,
        None,
        f"nested more than {MAX_DEPTH} deep",
    ),
}


PARSERS = pytest.mark.parametrize("parser", [TreeParser, StreamParser], ids=["whole", "stream"])


def cut(data, *places):
    """
    A document in pieces.
    """
    edges = [0, *places, len(data)]
    return [data[start:end] for start, end in zip(edges, edges[1:])]


def read(document, pieces):
    """
    The root element of a document that arrives in pieces.
    """
    for piece in pieces:
        document.feed(piece)
    return document.close()


def outcome(parser, pieces):
    """
    What a document gives; of an error not the text at its place, as far as it has arrived.
    """
    try:
        return tostring(read(parser("It"), pieces))
    except XMLParseError as exc:
        return exc.args[0].splitlines()[0]


@pytest.mark.parametrize(("data", "text"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(data, text):
    root = parse(data, "It")
    *_, value = root.iter()
    assert value.tag == "VALUE"
    assert value.text == text


@pytest.mark.parametrize(("data", "line", "column", "cause"), REFUSED.values(), ids=REFUSED)
def test_refused(data, line, column, cause):
    with pytest.raises(XMLParseError) as excinfo:
        parse(data, "The answer")
    message = excinfo.value.args[0]
    assert message.startswith("The answer is ")
    where = f", line {line}, column "
    assert (where if column is None else f"{where}{column}: ") in message
    assert cause in message


def test_the_message_shows_the_place():
    with pytest.raises(XMLParseError) as excinfo:
        parse(b"<A>\n  <B>text</C>\n</A>", "It")
    lines = excinfo.value.args[0].split("\n")
    assert lines[1] == "  <B>text</C>"
    assert lines[2].index("^") == lines[1].index("C>")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(data, id=name)
        for name, (data, *_) in {**ACCEPTED, **REFUSED}.items()
        if isinstance(data, bytes) and len(data) < 200
    ],
)
@PARSERS
def test_every_cut_gives_the_same(parser, data):
    whole = outcome(TreeParser, [data])
    for place in range(len(data)):
        assert outcome(parser, cut(data, place)) == whole
    assert outcome(parser, cut(data, *range(len(data)))) == whole


STREAM = ("R", "S")


def streamed_document(count, size=100):
    return (
        b"<R a='1'><S>"
        + b"".join(b"<I n='%d'><T>%s</T></I>\n" % (i, b"x" * size) for i in range(count))
        + b"</S><P/></R>"
    )


@PARSERS
@pytest.mark.parametrize("count", [0, 1, 5000], ids=str)
def test_streamed_children_come_in_order_and_leave_the_tree(parser, count):
    seen = []
    calls = []

    def consume(children):
        calls.append(len(children))
        seen.extend((child.get("n"), len(child[0].text)) for child in children)

    root = read(parser("It", STREAM, consume), [streamed_document(count)])
    assert seen == [(str(i), 100) for i in range(count)]
    assert [child.tag for child in root] == ["S", "P"]
    assert len(root[0]) == 0
    assert max(calls, default=0) < max(2, 2 * PIECE_SIZE // 110)


@PARSERS
@pytest.mark.parametrize("size", [1, 7, 1000, 70000], ids=str)
def test_streamed_in_pieces_of_any_size(parser, size):
    data = streamed_document(1000)
    seen = []
    document = parser(
        "It", STREAM, lambda children: seen.extend(child.get("n") for child in children)
    )
    read(document, [data[i : i + size] for i in range(0, len(data), size)])
    assert seen == [str(i) for i in range(1000)]


@PARSERS
@pytest.mark.parametrize("seed", range(8))
def test_nothing_is_lost_or_read_twice_while_the_pieces_grow(monkeypatch, parser, seed):
    for module in ("tree", "stream"):
        monkeypatch.setattr(f"pywbem._cim_xml.read.{module}.PIECE_SIZE", 16)
    monkeypatch.setattr(tree, "BATCH_SIZE", 1000)
    data = streamed_document(1000)
    chance = random.Random(seed)
    places = sorted(chance.sample(range(len(data)), 300))
    seen = []
    document = parser("It", STREAM, lambda children: seen.extend(c.get("n") for c in children))
    root = read(document, cut(data, *places))
    assert seen == [str(i) for i in range(1000)]
    assert [child.tag for child in root] == ["S", "P"]


@PARSERS
@pytest.mark.parametrize("number", [0, 7, 999, 4999], ids=str)
@pytest.mark.parametrize("size", [100, 70000, 10**7], ids=str)
def test_position_in_streamed_content(parser, number, size):
    data = streamed_document(5000)
    positions = []

    def consume(children):
        for child in children:
            if child.get("n") == str(number):
                positions.append(document.position(child[0]))

    document = parser("It", STREAM, consume)
    read(document, [data[i : i + size] for i in range(0, len(data), size)])
    line = data.split(b"\n")[number]
    assert positions == [(number + 1, line.index(b"<T>") + 1)]


@PARSERS
def test_position_of_an_element_outside_of_streamed_content(parser):
    document = parser("It", STREAM, lambda _: None)
    root = read(document, [b"<R><S><I/>\n<I/>", b"\n<I/></S>", b"\n  <P/></R>"])
    assert document.position(root) == (1, 1)
    assert document.position(root[1]) == (4, 3)
    assert document.position(Element("other")) is None


@PARSERS
@pytest.mark.parametrize(
    ("broken", "column"),
    [(b"</WRONG>", 3), (b"\x00", 1), (b"", 1), (b"<I></J>", 6)],
    ids=["tag", "NUL", "truncated", "child"],
)
def test_place_of_what_is_malformed_far_into_a_document(parser, broken, column):
    data = streamed_document(5000)[: -len(b"</S><P/></R>")] + broken
    seen = []
    for size in (10**7, 70000):
        pieces = [data[i : i + size] for i in range(0, len(data), size)]
        with pytest.raises(XMLParseError, match=f"line 5001, column {column}: ") as excinfo:
            read(parser("It", STREAM, seen.extend), pieces)
        if broken.strip(b"\0"):
            assert broken.decode() in excinfo.value.args[0]
    if parser is StreamParser:
        assert len(seen) == 2 * 5000


def test_a_stream_hands_over_what_is_finished():
    seen = []
    document = StreamParser("It", STREAM, lambda children: seen.extend(c.tag for c in children))
    expected = []
    for piece, finished in [
        ("<R><S>", []),
        ("<I><T/></I>", ["I"]),
        ("<I n='1'/>", ["I"]),
        ("<I><T>text</T></", []),
        ("I", []),
        (">\n<!-- I -->", ["I"]),
        ("<I><I></I>", []),
        ("<T><![CDATA[</I><I>]]></T>", []),
        ("</I><I/><I", ["I", "I"]),
        (" n=''", []),
        ("/>", ["I"]),
        ("<I><!--</I>--></I><!--<I>-->", []),
        ("<I>", ["I"]),
        ("</I></S><P/>", ["I"]),
        ("</R>", []),
    ]:
        document.feed(piece.encode())
        expected += finished
        assert seen == expected, piece
    document.close()
    assert seen == expected


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "utf-16-be"])
def test_a_stream_hands_over_at_once_in_any_encoding(encoding):
    seen = []
    document = StreamParser("It", STREAM, seen.extend)
    head = "\ufeff<R><S>" if encoding == "utf-16-be" else "<R><S>"
    document.feed(head.encode(encoding))
    for number in range(3):
        document.feed(
            "<I>\xe4</I>".encode(encoding.replace("-sig", ""))[2 * (encoding == "utf-16") :]
        )
        assert [child.text for child in seen] == ["\xe4"] * (number + 1)


NESTED = b"<I><K><I>%d</I></K><K><![CDATA[<I></I>]]></K></I>\n"


@pytest.mark.parametrize("size", [100, 5000, 10**6], ids=str)
@pytest.mark.parametrize("child", [b"<I><T>%d</T></I>\n", NESTED], ids=["plain", "nested"])
def test_a_stream_keeps_only_what_is_not_finished(child, size):
    kept = []
    document = StreamParser("It", STREAM, lambda _: kept.append(document._kept.size))
    data = b"<R><S>" + b"".join(child % i for i in range(60_000)) + b"</S></R>"
    for start in range(0, len(data), size):
        document.feed(data[start : start + size])
    document.close()
    assert document._kept.size < 6 * PIECE_SIZE
    assert max(kept) < size + 7 * PIECE_SIZE


def test_the_limit_of_a_stream_is_what_is_kept(monkeypatch):
    monkeypatch.setattr(config, "MAX_MESSAGE_SIZE", 100_000)
    document = StreamParser("It", STREAM, lambda _: None)
    data = streamed_document(5000)
    read(document, [data[i : i + 1000] for i in range(0, len(data), 1000)])
    document = StreamParser("It", STREAM, lambda _: None)
    data = streamed_document(1, 200_000)
    with pytest.raises(XMLParseError, match="It is larger than config"):
        read(document, [data[i : i + 1000] for i in range(0, len(data), 1000)])


@PARSERS
@pytest.mark.parametrize("data", [b"<R><S><I/></S></R>", b"<R"], ids=["good", "malformed"])
@pytest.mark.parametrize("enabled", [True, False], ids=["enabled", "disabled"])
def test_garbage_collection_is_left_as_it_was(parser, enabled, data):
    was, thresholds = gc.isenabled(), gc.get_threshold()
    try:
        (gc.enable if enabled else gc.disable)()
        try:
            read(parser("It", STREAM, lambda _: None), [data])
        except XMLParseError:
            pass
        assert gc.isenabled() is enabled
        assert gc.get_threshold() == thresholds
    finally:
        (gc.enable if was else gc.disable)()


@PARSERS
def test_garbage_collection_is_never_off(parser):
    """Not even while a document is read: another thread may see it, and restore that."""
    seen = []
    document = parser("It", STREAM, lambda children: seen.append(gc.isenabled()))
    read(document, [b"<R><S>", b"<I/>" * 100_000, b"</S></R>"])
    assert seen and all(seen)


@PARSERS
@pytest.mark.parametrize("streamed", [False, True], ids=["alone", "streamed"])
def test_one_long_token_is_scanned_a_bounded_number_of_times(monkeypatch, parser, streamed):
    fed = []
    call = tree.raising_refused

    def counting(function, *args):
        fed.append(len(args[0]) if args else 0)
        call(function, *args)

    monkeypatch.setattr(tree, "raising_refused", counting)
    monkeypatch.setattr("pywbem._cim_xml.read.stream.raising_refused", counting)
    size = 64 * PIECE_SIZE
    data = b'<R><S><I a="' + b"x" * size + b'"/></S></R>'
    document = parser("It", STREAM, lambda _: None) if streamed else parser("It")
    read(document, [data[i : i + 1000] for i in range(0, len(data), 1000)])
    # Expat before 2.6 starts a token that is not complete over and over.
    assert len(fed) < 200


def test_a_document_that_is_too_large(monkeypatch):
    data = b"<R><S>" + b"<I/>" * 1000 + b"</S></R>"
    monkeypatch.setattr(config, "MAX_MESSAGE_SIZE", len(data))
    read(TreeParser("It"), [data])
    monkeypatch.setattr(config, "MAX_MESSAGE_SIZE", len(data) - 1)
    document = TreeParser("It")
    taken = 0
    with pytest.raises(XMLParseError, match="It is larger than config"):
        for i in range(0, 2 * len(data), 100):
            taken += 1
            document.feed(data[i : i + 100])
    assert taken == len(data) // 100 + 1


@pytest.mark.parametrize(("count", "accepted"), [(257, True), (258, False)], ids=str)
@pytest.mark.parametrize("before", ["", "<b/>" * 3], ids=["alone", "after others"])
def test_how_deep_elements_may_be(count, accepted, before):
    text = f"<a>{before}" * (count - 1) + "<a>" + "</a>" * count
    if accepted:
        assert parse(text, "It").tag == "a"
        return
    with pytest.raises(XMLParseError, match="elements are nested more than 256 deep"):
        parse(text, "It")
