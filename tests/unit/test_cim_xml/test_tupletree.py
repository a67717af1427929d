"""
Bytes to an element tree: what is accepted, what is refused and where.
"""

from __future__ import annotations

import gc
from xml.etree.ElementTree import Element, tostring

import pytest

from pywbem import XMLParseError, config
from pywbem._cim_xml import tupletree
from pywbem._cim_xml.tupletree import MAX_DEPTH, PIECE_SIZE, DecodeError, Document, parse

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


def outcome(data, cuts=()):
    """
    What a document gives when it arrives in pieces.
    """
    edges = [0, *cuts, len(data)]
    pieces = [data[start:end] for start, end in zip(edges, edges[1:])]
    try:
        return tostring(Document(pieces, "It").read())
    except XMLParseError as exc:
        return exc.args


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
def test_every_cut_gives_the_same(data):
    whole = outcome(data)
    for cut in range(len(data)):
        assert outcome(data, [cut]) == whole
    assert outcome(data, range(len(data))) == whole


STREAM = ("R", "S")


def stream(pieces, consume):
    return Document(pieces, "It", STREAM, consume)


def streamed_document(count, size=100):
    return (
        b"<R a='1'><S>"
        + b"".join(b"<I n='%d'><T>%s</T></I>\n" % (i, b"x" * size) for i in range(count))
        + b"</S><P/></R>"
    )


@pytest.mark.parametrize("count", [0, 1, 5000], ids=str)
def test_streamed_children_come_in_order_and_leave_the_tree(count):
    seen = []
    calls = []

    def consume(children):
        calls.append(len(children))
        seen.extend((child.get("n"), len(child[0].text)) for child in children)

    root = stream([streamed_document(count)], consume).read()
    assert seen == [(str(i), 100) for i in range(count)]
    assert [child.tag for child in root] == ["S", "P"]
    assert len(root[0]) == 0
    assert max(calls, default=0) < max(2, 2 * PIECE_SIZE // 110)


@pytest.mark.parametrize("cut", [1, 7, 1000, 70000], ids=str)
def test_streamed_in_pieces_of_any_size(cut):
    data = streamed_document(1000)
    seen = []
    stream(
        [data[i : i + cut] for i in range(0, len(data), cut)],
        lambda children: seen.extend(child.get("n") for child in children),
    ).read()
    assert seen == [str(i) for i in range(1000)]


def fail_at(number):
    def consume(children: list[Element]) -> None:
        for child in children:
            if child.get("n") == str(number):
                raise DecodeError(child[0], "is wrong")

    return consume


@pytest.mark.parametrize("number", [0, 7, 999, 4999], ids=str)
def test_position_of_an_error_in_streamed_content(number):
    data = streamed_document(5000)
    document = stream([data], fail_at(number))
    with pytest.raises(DecodeError) as excinfo:
        document.read()
    line = data.split(b"\n")[number]
    assert document.position(excinfo.value.element) == (number + 1, line.index(b"<T>") + 1)


def test_position_of_an_element_outside_of_streamed_content():
    document = stream([b"<R><S><I/></S>\n  <P/></R>"], lambda _: None)
    root = document.read()
    assert document.position(root) == (1, 1)
    assert document.position(root[1]) == (2, 3)
    assert document.position(Element("other")) is None


@pytest.mark.parametrize("broken", [b"</WRONG>", b"\x00", b""], ids=["tag", "NUL", "truncated"])
def test_malformed_counts_more_than_wrong_content(broken):
    data = streamed_document(5000)[: -len(b"</S><P/></R>")] + broken
    with pytest.raises(XMLParseError):
        stream([data], fail_at(3)).read()
    with pytest.raises(XMLParseError):
        stream([data[:70000], data[70000:]], fail_at(3)).read()


@pytest.mark.parametrize(
    "data",
    [b"<R><S><I/></S></R>", b"<R><S><I n='3'><T/></I></S></R>", b"<R"],
    ids=["good", "wrong", "malformed"],
)
@pytest.mark.parametrize("enabled", [True, False], ids=["enabled", "disabled"])
def test_garbage_collection_is_left_as_it_was(enabled, data):
    was, thresholds = gc.isenabled(), gc.get_threshold()
    try:
        (gc.enable if enabled else gc.disable)()
        try:
            stream([data], fail_at(3)).read()
        except (DecodeError, XMLParseError):
            pass
        assert gc.isenabled() is enabled
        assert gc.get_threshold() == thresholds
    finally:
        (gc.enable if was else gc.disable)()


def test_garbage_collection_is_never_off():
    """Not even while a document is read: another thread may see it, and restore that."""
    seen = []
    data = [b"<R><S>", b"<I/>" * 100_000, b"</S></R>"]
    Document(data, "it", ("R", "S"), lambda children: seen.append(gc.isenabled())).read()
    assert seen and all(seen)


def test_a_failing_source_is_not_hidden():
    def pieces():
        yield b"<R><S>"
        raise OSError("broken")

    with pytest.raises(OSError, match="broken"):
        stream(pieces(), lambda _: None).read()


def test_one_long_token_is_scanned_a_bounded_number_of_times(monkeypatch):
    fed = []
    call = tupletree._raising_refused

    def counting(function, *args):
        fed.append(len(args[0]) if args else 0)
        call(function, *args)

    monkeypatch.setattr(tupletree, "_raising_refused", counting)
    size = 64 * PIECE_SIZE
    data = b'<R a="' + b"x" * size + b'"/>'
    pieces = [data[i : i + 1000] for i in range(0, len(data), 1000)]
    assert len(Document(pieces, "It").read().get("a")) == size
    # Expat before 2.6 starts a token that is not complete over and over.
    assert len(fed) < 100


@pytest.mark.parametrize("wrong", [b"", b"<I n='3'><T/></I>"], ids=["good", "wrong content"])
def test_a_document_that_is_too_large(monkeypatch, wrong):
    data = b"<R><S>" + wrong + b"<I/>" * 1000 + b"</S></R>"
    monkeypatch.setattr(config, "MAX_MESSAGE_SIZE", len(data))
    if not wrong:
        stream([data], fail_at(3)).read()
    monkeypatch.setattr(config, "MAX_MESSAGE_SIZE", len(data) - 1)
    taken = []

    def pieces():
        for i in range(0, 2 * len(data), 100):
            taken.append(i)
            yield data[i : i + 100]

    with pytest.raises(XMLParseError, match="It is larger than config"):
        stream(pieces(), fail_at(3)).read()
    assert len(taken) == len(data) // 100 + 1
