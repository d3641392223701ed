"""Zips that somebody sent: a good one becomes a bundle, every trick is refused by name."""

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tenants import unpacking
from tenants.bundles.problems import BundleInvalid
from tenants.bundles.reading import SHIPPED, load
from tenants.unpacking import bundle_name, read_zip, unpacked

Change = Callable[[zipfile.ZipInfo], None]


def packed(
    files: dict[str, bytes], *, change: Change | None = None, kind: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """A zip of the files; `change` alters each entry before it is written."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, body in files.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = kind
            entry.external_attr = 0o100644 << 16
            if change is not None:
                change(entry)
            archive.writestr(entry, body)
    return out.getvalue()


def shipped(outer: str = "") -> bytes:
    folder = SHIPPED / "linguists"
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return packed({outer + str(path.relative_to(folder)): path.read_bytes() for path in files})


@pytest.mark.parametrize("outer", ["", "my guild/"])
def test_good_zip_becomes_a_folder_that_is_gone_afterwards(outer: str) -> None:
    with unpacked(shipped(outer), "Harbour Guild (2).zip") as folder:
        assert folder.name == "harbour-guild-2"
        assert load(folder).institute.identity.slug == "linguists"
    assert not folder.exists()


def test_what_operating_systems_leave_behind_is_passed_over() -> None:
    files = {"institute.yaml": b"a: 1", "__MACOSX/._institute.yaml": b"x", ".DS_Store": b"x"}
    assert set(read_zip(packed(files), "a.zip")) == {"institute.yaml"}


def refused(content: bytes, name: str = "bundle.zip") -> str:
    with pytest.raises(BundleInvalid) as refusal, unpacked(content, name):
        pytest.fail("it was unpacked")
    return str(refusal.value)


@pytest.mark.parametrize(
    "name",
    ["../institute.yaml", "faqs/../../x.md", "/etc/passwd", "C:/x.md", "C:x.md", "a//b.md",
     "./a.md", "faqs\\..\\x.md", "faqs/x\n.md", "a/b/c/d/e/f/g.md", "n" * 201],
)  # fmt: skip
def test_name_that_leads_elsewhere_is_refused(name: str, tmp_path: Path) -> None:
    assert "name" in refused(packed({"institute.yaml": b"a: 1", name: b"x"})).lower()


def test_name_with_a_hidden_end_is_refused() -> None:
    content = packed({"institute.yamlX/../../x": b"x"}).replace(b"yamlX", b"yaml\x00")
    assert "control characters" in refused(content)


@pytest.mark.parametrize(
    "other", ["faqs/Password.md", "FAQS/password.md", "faqs/password.md", "faqs/PASSWORD.MD"]
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_names_that_are_one_on_some_disks_are_refused(other: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("faqs/password.md", "a")
        archive.writestr(other, "b")
    assert "more than capitals" in refused(out.getvalue())


def test_name_that_is_a_file_and_a_folder_is_refused() -> None:
    assert "a file and a folder" in refused(packed({"faqs": b"x", "faqs/a.md": b"y"}))


@pytest.mark.parametrize(
    ("mode", "why"), [(0o120777, "Links"), (0o010644, "ordinary"), (0o020644, "ordinary")]
)
def test_link_or_device_is_refused(mode: int, why: str) -> None:
    def change(entry: zipfile.ZipInfo) -> None:
        entry.external_attr = mode << 16

    assert why in refused(packed({"logo.svg": b"/etc/passwd"}, change=change))


def test_file_with_a_password_is_refused() -> None:
    content = bytearray(packed({"institute.yaml": b"a: 1"}))
    at = content.index(b"PK\x01\x02")
    content[6] |= 1
    content[at + 8] |= 1
    assert "password" in refused(bytes(content))


@pytest.mark.parametrize("kind", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_rare_ways_of_packing_are_refused(kind: int) -> None:
    assert "ordinary zip" in refused(packed({"institute.yaml": b"a: 1"}, kind=kind))


@pytest.mark.parametrize(("name", "body"), [("more.zip", b"x"), ("faqs/x.md", b"PK\x03\x04more")])
def test_packed_file_in_a_zip_is_refused(name: str, body: bytes) -> None:
    assert "no packed files" in refused(packed({"institute.yaml": b"a: 1", name: body}))


def test_bomb_is_stopped_while_it_is_read_whatever_it_says_of_itself() -> None:
    content = packed({"institute.yaml": b"\0" * 7_900_000})
    assert len(content) < 10_000
    assert "far larger than the zip" in refused(content)
    lied = content.replace(struct.pack("<I", 7_900_000), struct.pack("<I", 10))
    assert lied != content
    assert refused(lied)


def test_too_much_in_all_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "LARGEST_TOTAL", 1000)
    assert "together" in refused(packed({f"faqs/{n}.md": b"x" * 400 for n in range(3)}))
    assert "more than" in refused(packed({f"faqs/{n}.md": b"x" for n in range(400)}))
    assert "larger than" in refused(b"PK\x03\x04" + b"x" * unpacking.LARGEST_ZIP)


def test_files_that_share_bytes_are_refused() -> None:
    content = packed({"faqs/a.md": b"x" * 500, "faqs/b.md": b"x" * 500})
    second = content.rindex(b"PK\x01\x02")
    overlapping = content[: second + 42] + struct.pack("<I", 0) + content[second + 46 :]
    assert "over each other" in refused(overlapping)


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", b"%PDF-1.7", b"\x1f\x8b\x08", b"PK\x03\x04", b"PK\x03\x04" + b"\0" * 60],
)
def test_file_of_another_kind_is_refused(content: bytes) -> None:
    assert "zip" in refused(content)


def test_damaged_zip_is_refused_wherever_it_was_cut() -> None:
    whole = shipped()
    for length in range(10, len(whole), len(whole) // 12):
        assert refused(whole[:length])
    spoiled = bytearray(whole)
    spoiled[60:90] = b"?" * 30
    assert refused(bytes(spoiled))


@pytest.mark.parametrize(
    ("given", "name"),
    [("ciltuk.zip", "ciltuk"), ("Bücher & Co.ZIP", "bucher-co"), ("2026.zip", "bundle-2026"),
     ("../../etc.zip", "etc"), ("漢字.zip", "bundle"), ("", "bundle"),
     ("a" * 99 + ".zip", "a" * 40)],
)  # fmt: skip
def test_bundle_gets_a_plain_name(given: str, name: str) -> None:
    assert bundle_name(given) == name
