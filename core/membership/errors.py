"""Why nobody is let in by what the society says. Messages are sentences for people."""

from core.kernel.errors import RuleBroken


class AccountClosed(RuleBroken):
    """The account here is closed; no bridge opens it again."""

    def __init__(self) -> None:
        super().__init__(
            "Your account here is closed. If you would like to come back, write to us."
        )


class WasErased(AccountClosed):
    """Everything about them was erased: no system brings them back, only they themselves do."""

    def __init__(self) -> None:
        RuleBroken.__init__(
            self,
            "Everything about this person was erased here. Only they themselves can come back.",
        )


class EmailTaken(RuleBroken):
    """The address belongs to another account, or cannot be shown to be this person's."""

    def __init__(self) -> None:
        super().__init__(
            "Another account here uses this e-mail address, so we cannot sign you in. "
            "Write to us, and we will look at it with you."
        )


class NoAccount(RuleBroken):
    """There is no account, and none is made from what came."""

    def __init__(self, message: str = "") -> None:
        super().__init__(
            message
            or "There is no account here for this membership. Write to us if you expect one."
        )


class MembershipEnded(RuleBroken):
    """The membership is over, and so is what was open to members."""

    def __init__(self, message: str = "") -> None:
        super().__init__(
            message or "Your membership has ended, so you cannot sign in here at present."
        )
