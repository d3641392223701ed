"""Bundles whose files are wrong, each with exactly the sentences that its author reads."""

import os

from tests.tenants.bundles.small import Spoil, append, both, edit, link, put

CORPUS: dict[str, tuple[Spoil, list[str]]] = {
    # YAML
    "a key twice": (
        edit("  name: Beekeepers", "  name: Beekeepers\n  name: Wasps"),
        ["institute.yaml:5: identity.name: This key is here twice, first on line 4: keep one."],
    ),
    "an alias": (
        edit("identity:", "identity: &bomb"),
        ["institute.yaml:2: Anchors and aliases (& and *) are not allowed: write it out."],
    ),
    "a tag": (
        edit("name: Beekeepers", "name: !!python/object/apply:os.system [ls]"),
        ["institute.yaml:4: Tags (a word with ! before it) are not allowed: remove it."],
    ),
    "a colon inside a text": (
        edit("label: In one line", "label: In one line: yours"),
        [
            "institute.yaml:36: This is not valid YAML: something in these brackets does not "
            "fit; put a text with a colon, comma or bracket in quotes."
        ],
    ),
    "a colon inside a text in a block": (
        edit("  headline: Nobody keeps", "  headline: Bees: nobody keeps"),
        [
            "institute.yaml:22: This is not valid YAML: a colon stands inside a text; put the "
            "whole text in quotes."
        ],
    ),
    "too deep": (
        put("institute.yaml", "a: " + "[" * 20 + "]" * 20),
        ["institute.yaml:1: This is nested more than 12 levels deep."],
    ),
    "too many entries": (
        put("institute.yaml", "- a\n" * 20_001),
        ["institute.yaml:20000: This holds more than 20,000 entries."],
    ),
    "two documents": (
        append("institute.yaml", "---\nformat: 2\n"),
        ["institute.yaml:51: A second document starts here (---): one file holds only one."],
    ),
    "an empty file": (
        put("institute.yaml", ""),
        ["institute.yaml:1: This file is empty."],
    ),
    "a list at the top": (
        put("institute.yaml", "- format\n"),
        ["institute.yaml:1: Write a group of keys here, not a list."],
    ),
    # files
    "not UTF-8": (
        put("institute.yaml", b"format: 1\nname: Caf\xe9\n"),
        ["institute.yaml:2: Save this file as UTF-8 text."],
    ),
    "a control character": (
        put("institute.yaml", b"format: 1\nname: \x00\n"),
        ["institute.yaml:1: This holds characters that do not belong in YAML."],
    ),
    "a file that is too large": (
        put("institute.yaml", "#" * 300_000),
        ["institute.yaml: This file is larger than 256 kB: make it smaller."],
    ),
    "a missing logo": (
        lambda folder: (folder / "logo.svg").unlink(),
        ["logo.svg: This file is missing: add it."],
    ),
    "a stranger in the folder": (
        put("theme.css", "body{}"),
        [
            "theme.css: This does not belong in a bundle: keep only institute.yaml, logo.svg and "
            "the folders faqs, guides and pages."
        ],
    ),
    "a strange name": (
        put("faqs/..%2fx.MD", "x"),
        ["faqs/..%2fx.MD: Name this file with small letters, digits and hyphens, ending in .md."],
    ),
    "a link out of the folder": (
        link("faqs/passwd.md", "/etc/passwd"),
        ["faqs/passwd.md: Links to other places are not allowed: put the file here."],
    ),
    "a folder that is a link": (
        link("more", "/etc"),
        ["more: Links to other places are not allowed: put the file here."],
    ),
    "a pipe": (
        lambda folder: os.mkfifo(folder / "faqs" / "pipe.md"),
        ["faqs/pipe.md: This has to be an ordinary file."],
    ),
    # texts
    "a question without a head": (
        put("faqs/send.md", "How?\n"),
        ["faqs/send.md:1: Start with a head: a line ---, keys and values, and another line ---."],
    ),
    "a head without a question": (
        edit("question: How do I send {{ a_request }}?\n", "", "faqs/send.md"),
        ["faqs/send.md:2: question: This key is missing: add it."],
    ),
    "a question without an answer": (
        edit("Choose **Send {{ request }}**.", "", "faqs/send.md"),
        ["faqs/send.md:5: There is no text under the head."],
    ),
    "an audience that is not known": (
        edit("topic: Asking", "topic: Asking\naudience: mentees", "faqs/send.md"),
        [
            "faqs/send.md:4: audience: Write “everyone”, “mentor” or “mentee”, not “mentees”. Did "
            "you mean “mentee”?"
        ],
    ),
    "an unknown placeholder": (
        edit("Send {{ request }}", "Send {{ reqest }}", "faqs/send.md"),
        ["faqs/send.md:6: The placeholder “reqest” is not known. Did you mean “request”?"],
    ),
    "an answer that leads to no page": (
        edit("Choose **", "See [that](page:matching:serach).\nChoose **", "faqs/send.md"),
        [
            "faqs/send.md:6: There is no page called “matching:serach”. Did you mean "
            "“matching:search”?"
        ],
    ),
    "the same question twice": (
        put(
            "faqs/zwei.md",
            "---\nquestion: How do I send {{ a_request }}?\ntopic: Asking\n---\n\nSo.\n",
        ),
        ["faqs/zwei.md: question: faqs/send.md asks the same question: keep one."],
    ),
    # the logo
    "a logo that runs": (
        put(
            "logo.svg",
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">\n'
            '<script>alert(1)</script>\n<path onclick="x()" d="M0 0"/></svg>',
        ),
        [
            "logo.svg:2: <script> is not allowed in a logo: use shapes and paths only.",
            "logo.svg:3: The attribute onclick is not allowed in a logo.",
        ],
    ),
    "a logo with entities": (
        put("logo.svg", '<!DOCTYPE svg [<!ENTITY a "aaaa">]>\n<svg>&a;</svg>'),
        ["logo.svg:1: Remove the <!DOCTYPE> and everything in it."],
    ),
    "a logo that loads": (
        put(
            "logo.svg",
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">'
            '<path fill="url(https://x.example/a)" d="M0 0"/></svg>',
        ),
        ["logo.svg:1: The attribute fill may point only to things in this file."],
    ),
    "a logo that is a picture": (
        put("logo.svg", b"\x89PNG\r\n"),
        ["logo.svg:1: This is not a well-formed SVG file."],
    ),
    # guides
    "a stage that the journey does not have": (
        edit("topic: Bees", "topic: Bees\nstage: progresion", "guides/hive.md"),
        [
            "guides/hive.md: stage: The journey has no stage “progresion”. Did you mean "
            "“progression”?"
        ],
    ),
    "a picture that is not there": (
        edit("Look before", "![A hive](hive)\n\nLook before", "guides/hive.md"),
        ["guides/hive.md: There is no picture guides/pictures/hive.svg."],
    ),
    "a picture that says nothing": (
        put(
            "guides/pictures/hive.svg",
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><path d="M0 0h4"/></svg>',
        ),
        [
            "guides/pictures/hive.svg:1: Say what the picture shows: a <title> as the first thing "
            "in the <svg>."
        ],
    ),
    "a picture that runs": (
        put(
            "guides/pictures/hive.svg",
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><script/></svg>',
        ),
        [
            "guides/pictures/hive.svg:1: <script> is not allowed in a picture: use shapes and "
            "paths only."
        ],
    ),
    "a photograph that is none": (
        put("guides/pictures/hive.png", b"\x89PNG"),
        [
            "guides/pictures/hive.png: This picture is damaged, or is no such picture, whatever "
            "its name says.",
            "guides/pictures/hive.txt: Say in this file what the picture shows, in 300 characters "
            "or fewer.",
        ],
    ),
    # several at once
    "problems in three files at once": (
        both(
            edit("kind: number", "kind: numbers"),
            edit("pairing: folio", "pairing: comic"),
            edit("topic: Bees", "topic: Bees\naudience: bees", "guides/hive.md"),
            put("pages/terms.md", "---\n---\n"),
        ),
        [
            "guides/hive.md:5: audience: Write “everyone”, “mentor” or “mentee”, not “bees”.",
            "institute.yaml:9: brand.pairing: Write “signal”, “folio”, “clarity”, “garden” or "
            "“ledger”, not “comic”.",
            "institute.yaml:44: fields[2].kind: Write “short_text”, “long_text”, “choice”, "
            "“choices”, “number”, “boolean”, “date” or “link”, not “numbers”. Did you mean "
            "“number”?",
            "pages/terms.md:1: The head is empty.",
            "pages/terms.md:3: There is no text under the head.",
        ],
    ),
}
