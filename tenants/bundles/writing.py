"""A bundle as files: a folder or a zip that reading gives back as the same bundle."""

import zipfile
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from pydantic import BaseModel

from tenants.bundles.files import INSTITUTE, LOGO, PICTURES
from tenants.bundles.format import Bundle
from tenants.bundles.problems import BundleInvalid, Problem
from tenants.bundles.reading import load

_WIDTH = 96
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the same bundle is the same zip


class _Dumper(yaml.SafeDumper):
    """Long texts as blocks, nothing by reference."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def files_of(bundle: Bundle) -> dict[str, bytes]:
    """Every file of a bundle by its name, in the order of the alphabet."""
    texts = {INSTITUTE: _institute(bundle)}
    for folder, given in (
        ("faqs", bundle.faqs),
        ("guides", bundle.guides),
        ("pages", bundle.pages),
    ):
        for one in given:
            head = _yaml(one.front)
            texts[f"{folder}/{one.key}.md"] = f"---\n{head}---\n\n{one.body}\n"
    files = {name: text.encode() for name, text in texts.items()}
    files[LOGO] = bundle.logo
    for picture in bundle.pictures:
        name = f"{PICTURES}/{picture.key}"
        if picture.svg:
            files[f"{name}.svg"] = picture.svg.encode()
        else:
            ending = picture.content_type.removeprefix("image/").replace("jpeg", "jpg")
            files[f"{name}.{ending}"] = picture.content
            files[f"{name}.txt"] = f"{picture.alt}\n".encode()
    return dict(sorted(files.items()))


def _institute(bundle: Bundle) -> str:
    """A membership whose address is not known yet says so: it is not merely forgotten."""
    policies = bundle.institute.policies
    data = _data(bundle.institute)
    if policies.sign_in == "membership" and policies.membership_link is None:
        data["policies"]["membership_link"] = None
    return _dumped(data)


def _yaml(part: BaseModel) -> str:
    return _dumped(_data(part))


def _data(part: BaseModel) -> dict[str, Any]:
    return part.model_dump(mode="json", exclude_defaults=True, warnings=False)


def _dumped(data: dict[str, Any]) -> str:
    return str(yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDTH))


def write_folder(files: dict[str, bytes], folder: Path) -> None:
    """Write a bundle's files into a folder that is empty or not there. Raises FileExistsError."""
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty.")
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def as_zip(files: dict[str, bytes], name: str) -> bytes:
    """A bundle's files as a zip that holds one folder of this name."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for path, content in files.items():
            entry = zipfile.ZipInfo(f"{name}/{path}", _FIRST_DAY)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, content)
    return out.getvalue()


def problems_in(files: dict[str, bytes]) -> list[Problem]:
    """What would keep these files from being used as a bundle."""
    with TemporaryDirectory(prefix="ithaca-") as folder:
        write_folder(files, Path(folder) / "bundle")
        try:
            load(Path(folder) / "bundle")
        except BundleInvalid as refused:
            return refused.problems
    return []
