"""The mails about people's accounts."""

from core.kernel.letters import Blank, Case, Mail, register

register(
    Mail(
        name="confirm_address",
        title="Confirm your e-mail address",
        when="Somebody registers.",
        to="Whoever the address belongs to",
    ),
    Mail(
        name="account_exists",
        title="You have an account already",
        when="Somebody registers with an address that has an account.",
        to="The owner of the account",
    ),
    Mail(
        name="reset_password",
        title="Choose a new password",
        when="Somebody asks for a new password.",
        to="The owner of the account",
        blanks=(Blank("username", "the name to sign in with", "lena.hart", needed=True),),
    ),
    Mail(
        name="no_account",
        title="No account with this address",
        when="Somebody asks for a new password for an address without an account.",
        to="Whoever the address belongs to",
        cases=(
            Case("open", "where anybody may register", {"may_register": True}),
            Case("", "where nobody registers by themselves", {}),
        ),
    ),
    Mail(
        name="password_changed",
        title="Your password was changed",
        when="A password was changed.",
        to="The owner of the account",
    ),
    Mail(
        name="confirm_new_address",
        title="Confirm your new e-mail address",
        when="A member gives another e-mail address.",
        to="The new address",
    ),
    Mail(
        name="address_changed",
        title="Your e-mail address was changed",
        when="An e-mail address was changed.",
        to="The old address",
        blanks=(Blank("new_address", "the new address", "lena@hart.example", needed=True),),
    ),
    Mail(
        name="account_deleted",
        title="Your account is deleted",
        when="A member deletes their account.",
        to="The member",
        blanks=(Blank("days", "how many days there are to come back", "30", needed=True),),
    ),
)
