"""Records of continuing professional development."""

from core.kernel.personal import ONLY_YOU, Group, Kept, Remove, keeps, kinds

keeps(
    Kept(
        "cpd.Choice",
        "What you chose for your CPD record",
        group=Group.LEARNING,
        purpose="So that your record holds what you want in it.",
        seen_by=ONLY_YOU,
        people=("member",),
        fields=kinds(words="note", choices="kind included minutes", technical="source_id"),
        on_erase=Remove(),
    ),
    Kept(
        "cpd.OwnLine",
        "Lines that you added to your CPD record",
        group=Group.LEARNING,
        purpose="So that your record can hold what happened elsewhere.",
        seen_by=ONLY_YOU,
        people=("member",),
        fields=kinds(
            words="title note", choices="included", activity="day minutes", technical="form_key"
        ),
        on_erase=Remove(),
    ),
    Kept(
        "cpd.Issued",
        "CPD records that you had issued",
        group=Group.LEARNING,
        purpose="So that whoever you give a record to can check that it is true.",
        seen_by="You, and whoever you give the code of a record to",
        people=("member",),
        fields=kinds(
            identity="name code",
            words="lines",
            choices="scheme",
            file="stored_as",
            activity="first_day last_day minutes issued_at revoked_at",
            technical="digest form_key",
        ),
        on_erase=Remove(),
    ),
)
