"""Bundles whose keys are wrong, each with exactly the sentences that its author reads."""

from tests.tenants.bundles.small import Spoil, append, both, edit

CORPUS: dict[str, tuple[Spoil, list[str]]] = {
    # the shape
    "a kind that is misspelt": (
        edit("kind: number", "kind: numbre"),
        [
            "institute.yaml:44: fields[2].kind: Write “short_text”, “long_text”, “choice”, "
            "“choices”, “number”, “boolean”, “date” or “link”, not “numbre”. Did you mean "
            "“number”?"
        ],
    ),
    "a key that is misspelt": (
        edit("  organisation: Society", "  organization: Society"),
        [
            "institute.yaml:2: identity.organisation: This key is missing: add it.",
            "institute.yaml:5: identity.organization: This key is not known here. Did you mean "
            "“organisation”?",
        ],
    ),
    "an unknown key at the top": (
        append("institute.yaml", "stylesheet: evil.css\n"),
        ["institute.yaml:51: stylesheet: This key is not known here."],
    ),
    "a comma in a flow text": (
        edit("label: Honey}", "label: Honey, wax}"),
        [
            "institute.yaml:43: fields[1].options[1].wax: This is no key here. If it belongs to a "
            "text, put the whole text in quotes."
        ],
    ),
    "text for a number": (
        edit("max_length: 100", "max_length: long"),
        ["institute.yaml:36: fields[0].max_length: Write a whole number here, not “long”."],
    ),
    "a number for text": (
        edit("headline: Nobody keeps bees alone", "headline: 12"),
        ["institute.yaml:22: front.headline: Write text here, not “12”."],
    ),
    "yes is a text, not true": (
        edit("  lapse_days: 21", "  lapse_days: 21\n  profile_gate: yes"),
        ["institute.yaml:32: policies.profile_gate: Write true or false here, not “yes”."],
    ),
    "a number in quotes": (
        edit("format: 1", 'format: "1"'),
        ["institute.yaml:1: format: Write 1 without quotes."],
    ),
    "a text for a list": (
        edit("items: [swot, goals]", "items: swot"),
        [
            "institute.yaml:19: menus.tools.items: Write a list (lines that start with a hyphen) "
            "here, not “swot”."
        ],
    ),
    "a word without its plural": (
        edit("singular: mentor, plural: mentors", "singular: mentor"),
        ["institute.yaml:12: words.mentor.plural: This key is missing: add it."],
    ),
    "a missing word": (
        edit("  mentee: {singular: mentee, plural: mentees}\n", ""),
        ["institute.yaml:10: words.mentee: This key is missing: add it."],
    ),
    "a word with markup": (
        edit("singular: appeal,", 'singular: "<b>appeal",'),
        ["institute.yaml:11: words.request.singular: A word holds no braces or angle brackets."],
    ),
    "a colour that is none": (
        edit('accent: "#7a4a00"', "accent: amber"),
        [
            "institute.yaml:9: brand.accent: “amber” does not fit. Write a colour as # and six "
            "hexadecimal digits, such as “#1f6f5c”, in quotes."
        ],
    ),
    "a colour without quotes is a comment": (
        edit('accent: "#7a4a00", second', "accent: #7a4a00\n  , second"),
        [
            "institute.yaml:9: brand.accent: Write text here, not nothing.",
        ],
    ),
    "an address that is none": (
        edit("sender_address: hive@bees.example", "sender_address: hive"),
        [
            "institute.yaml:8: mail.sender_address: “hive” does not fit. Write an e-mail address "
            "such as mentoring@institute.example."
        ],
    ),
    "an address with a second header": (
        edit(
            "sender_address: hive@bees.example",
            r'sender_address: "a@b.example\r\nBcc: c@d.example"',
        ),
        [
            "institute.yaml:8: mail.sender_address: “a@b.example\r\nBcc: c@d.example” does not "
            "fit. Write an e-mail address such as mentoring@institute.example."
        ],
    ),
    "a sender over two lines": (
        edit("sender_name: Hive Mentoring", r'sender_name: "Hive\nMentoring"'),
        [
            "institute.yaml:8: mail.sender_name: “Hive\nMentoring” does not fit. Write one line "
            "of text, with no space at either end."
        ],
    ),
    "a period that is too short": (
        append("institute.yaml", "retention: {days: {mails: 3}}\n"),
        ["institute.yaml:51: retention.days.mails: These are kept for at least 30 days."],
    ),
    "a reserved slug": (
        edit("slug: beekeepers", "slug: operators"),
        ["institute.yaml:3: identity.slug: “operators” is a reserved name: choose another."],
    ),
    "a slug that is a path": (
        edit("slug: beekeepers", "slug: ../public"),
        [
            "institute.yaml:3: identity.slug: “../public” does not fit. Use small letters, digits "
            "and hyphens, a letter first, 40 at most."
        ],
    ),
    "a time zone that is a path": (
        edit("  programme: Hive", "  time_zone: ../../etc/passwd\n  programme: Hive"),
        [
            "institute.yaml:6: identity.time_zone: “../../etc/passwd” is not a time zone. Write "
            "one such as “Europe/London”."
        ],
    ),
    # across keys
    "a section that is not there": (
        edit("key: years, section: offer", "key: years, section: ofer"),
        ["institute.yaml:44: fields[2].section: There is no section “ofer”. Did you mean “offer”?"],
    ),
    "a field for mentees in a section for mentors": (
        edit("kind: number, audience: mentor", "kind: number, audience: mentee"),
        [
            "institute.yaml:44: fields[2].audience: The section “offer” is for mentors only: "
            "write mentor here."
        ],
    ),
    "two fields with one key": (
        edit("{key: years,", "{key: headline,"),
        [
            "institute.yaml:44: fields[2].key: “headline” is here already, as number 1 of the "
            "list: use another."
        ],
    ),
    "two options with one key": (
        edit("{key: honey,", "{key: swarms,"),
        [
            "institute.yaml:43: fields[1].options[1].key: “swarms” is here already, as number 1 "
            "of the list: use another."
        ],
    ),
    "a choice without options": (
        edit("kind: short_text, max_length: 100", "kind: choice"),
        ["institute.yaml:36: fields[0].options: A field to choose from needs two options or more."],
    ),
    "limits where there are none": (
        edit("minimum: 0", "minimum: 5, maximum: 1, max_length: 3"),
        [
            "institute.yaml:44: fields[2].max_length: Only texts and links have a greatest "
            "length: remove it.",
            "institute.yaml:44: fields[2].minimum: The smallest, 5, is larger than the largest, 1.",
        ],
    ),
    "a criterion on a field that is not there": (
        edit("mentee_field: areas_of_support", "mentee_field: area_of_support"),
        [
            "institute.yaml:46: criteria[0].mentee_field: There is no field “area_of_support”. "
            "Did you mean “areas_of_support”?"
        ],
    ),
    "a criterion on a text": (
        edit("{mentor_field: areas_of_support", "{mentor_field: headline"),
        [
            "institute.yaml:46: criteria[0].mentee_field: No mentor can be found by “honey” or "
            "“swarms”: the mentors' field lacks it.",
            "institute.yaml:46: criteria[0].mentor_field: “headline” is not of kind choice, "
            "choices or boolean: it cannot be matched.",
        ],
    ),
    "a criterion that would tell what is private": (
        edit("    kind: choices", "    kind: choices\n    visible_to: staff"),
        [
            "institute.yaml:47: criteria[0].mentor_field: “areas_of_support” is not shown to "
            "everyone, so a search must not reveal it."
        ],
    ),
    "no areas to ask for": (
        both(
            edit("  - key: areas_of_support\n", "  - key: subjects\n"),
            edit("    label: Areas of support\n", "    label: Subjects\n"),
        ),
        [
            "institute.yaml:35: fields: People name an area of support when they ask: add a field "
            "“areas_of_support” of kind choices.",
            "institute.yaml:46: criteria[0].mentee_field: There is no field “areas_of_support”.",
            "institute.yaml:46: criteria[0].mentor_field: There is no field “areas_of_support”.",
        ],
    ),
    "a menu item that is not known": (
        edit("items: [swot, goals]", "items: [swot, goal, swot]"),
        [
            "institute.yaml:19: menus.tools.items[1]: “goal” is no menu item. Known are "
            "“meetings”, “first_conversation”, “swot”, “gstar”, “goals”, “diary” or “road_map”.",
            "institute.yaml:19: menus.tools.items[2]: “swot” is in this menu twice: keep one.",
        ],
    ),
    "a menu item that is no canvas of this institute": (
        both(
            edit("items: [swot, goals]", "items: [gstar, hive]"),
            append(
                "institute.yaml",
                "canvases:\n  - key: hive\n    label: Hive\n    boxes: [{key: a, label: A}]\n",
            ),
        ),
        [
            "institute.yaml:19: menus.tools.items[0]: “gstar” is no menu item. Known are "
            "“meetings”, “first_conversation”, “goals”, “diary”, “road_map” or “hive”.",
        ],
    ),
    "a survey that asks mentees nothing": (
        append(
            "institute.yaml",
            "surveys:\n"
            "  completion:\n"
            "    title: How was it?\n"
            "    questions: [{key: a, kind: scale, label: Well?, audience: mentor}]\n",
        ),
        [
            "institute.yaml:52: surveys.completion: There is no question for a mentee: ask "
            "something of both.",
        ],
    ),
    "canvases whose keys and places do not go together": (
        append(
            "institute.yaml",
            "canvases:\n"
            "  - key: goals\n"
            "    label: Goals\n"
            "    boxes:\n"
            "      - {key: a, label: A, wide: 2}\n"
            "      - {key: b, label: B, column: 2}\n"
            "      - {key: a, label: C, row: 2}\n"
            "      - {key: title, label: D, column: 4, row: 3, wide: 2}\n"
            "      - {key: e, label: E, column: 9}\n",
        ),
        [
            "institute.yaml:19: menus.tools.items[0]: “swot” is no menu item. Known are "
            "“meetings”, “first_conversation”, “goals”, “diary” or “road_map”.",
            "institute.yaml:52: canvases[0].key: “goals” is another tool: give the canvas another "
            "key.",
            "institute.yaml:56: canvases[0].boxes[1]: The box lies on “a”: give it another row or "
            "column.",
            "institute.yaml:57: canvases[0].boxes[2].key: “a” is here already, as number 1 of the "
            "list: use another.",
            "institute.yaml:58: canvases[0].boxes[3]: The box does not fit: a sheet has 4 columns "
            "and 6 rows.",
            "institute.yaml:58: canvases[0].boxes[3].key: “title” is the name of the sheet: use "
            "another key.",
            "institute.yaml:59: canvases[0].boxes[4].column: Use 4 or less, not “9”.",
        ],
    ),
    "meetings that nobody can reach": (
        edit("meet: button", "meet: tools"),
        [
            "institute.yaml:18: menus.meet: With “tools” here, add “meetings” to the items of "
            "menus.tools."
        ],
    ),
    "a ladder that does not rise": (
        edit("reminder_days: [3, 7, 15]", "reminder_days: [3, 3, 30]"),
        [
            "institute.yaml:30: policies.reminder_days[1]: The reminders have to come one after "
            "the other: 3 is not after 3.",
            "institute.yaml:31: policies.lapse_days: The end has to come after the last reminder: "
            "21 is not after 30.",
        ],
    ),
    "membership sign-in with registration": (
        edit("policies:", "policies:\n  sign_in: membership"),
        [
            "institute.yaml:29: policies.membership_link: With membership sign-in, give the "
            "address of the society's own sign-in page, or null while there is none.",
            "institute.yaml:29: policies.self_registration: With membership sign-in nobody "
            "registers here: write false.",
        ],
    ),
    "a link that runs a script": (
        edit("policies:", 'policies:\n  membership_link: "javascript:alert(1)"'),
        [
            "institute.yaml:30: policies.membership_link: Only membership sign-in uses this: "
            "remove it.",
            "institute.yaml:30: policies.membership_link: Write a full web address that starts "
            "with https://.",
        ],
    ),
    "guides first without a guide": (
        edit("policies:", "policies:\n  guides_first: true"),
        [
            "institute.yaml: policies.guides_first: Mark at least one guide for mentees with "
            "“required: true”, or write false here.",
            "institute.yaml: policies.guides_first: Mark at least one guide for mentors with "
            "“required: true”, or write false here.",
        ],
    ),
    "a footer link to nowhere": (
        edit("slug: terms", "slug: term"),
        [
            "institute.yaml:47: legal: No link leads to pages/terms.md: add one, or remove the "
            "file.",
            "institute.yaml:50: legal[2].slug: There is no file pages/term.md. Did you mean "
            "“terms”?",
        ],
    ),
    "a footer link with two targets": (
        edit(
            "{label: Terms, slug: terms}", '{label: Terms, slug: terms, url: "https://x.example"}'
        ),
        [
            "institute.yaml:50: legal[2]: Give either slug (a page of this bundle) or url "
            "(another site)."
        ],
    ),
    "no privacy page": (
        lambda folder: (folder / "pages" / "privacy.md").unlink(),
        [
            "institute.yaml:47: legal: Every site needs this page: add pages/privacy.md and a "
            "link to it.",
            "institute.yaml:48: legal[0].slug: There is no file pages/privacy.md.",
        ],
    ),
}
