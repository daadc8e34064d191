"""Serve the site for development: reload on change, mails as files, sample accounts (`make dev`).

Everything lies in SAFEZONES_DATA_DIR (var/dev). Its first start imports the packaged zones and makes these accounts;
remove the folder to begin anew. SAFEZONES_CLOCK_AHEAD_DAYS sets the clock ahead, for reminders and old entries.
"""

import os
import subprocess
import sys
from pathlib import Path

import pyotp
from sqlalchemy import Engine, text

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from directory.cli.server.serve import prepare_database  # noqa: E402
from directory.db.engine import open_database  # noqa: E402
from directory.db.tables.accounts import LinkPurpose, Staff  # noqa: E402
from directory.db.transaction import transaction  # noqa: E402
from directory.mail.links import make_link  # noqa: E402
from directory.settings import Settings  # noqa: E402
from tests.support.site import site_on  # noqa: E402

PORT = os.environ.get("PORT", "8000")
SITE = f"http://127.0.0.1:{PORT}"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
"""Of every member of staff here: add it to an authenticator app once."""
ACCOUNTS = {
    "moderator@example.org": "moderator",
    "administrator@example.org": "administrator",
    "manager@darien.example.org": "manager of the Darien Police Department",
    "clerk@weston.example.org": "clerk with a submission that waits",
}


def seed(settings: Settings) -> None:
    """Make the sample accounts and a waiting submission."""
    with site_on(settings) as site:
        for email in ("moderator@example.org", "administrator@example.org"):
            site.staff(email, Staff(email.partition("@")[0]))
        site.accepted_clerk("manager@darien.example.org")
        clerk = site.visitor()
        site.submit(clerk, email="clerk@weston.example.org")
        site.confirm(clerk, "clerk@weston.example.org")
        with site.engine.begin() as connection:
            values = {"secret": TOTP_SECRET}
            connection.execute(text("UPDATE person SET totp_secret = :secret, totp_step = 0 WHERE staff != ''"), values)
            connection.execute(text("DELETE FROM outbox_mail"))  # their links lead to the seeding site


def is_seeded(engine: Engine) -> bool:
    """Whether the sample accounts exist."""
    with engine.connect() as connection:
        return bool(connection.execute(text("SELECT count(*) FROM person")).scalar())


def print_accounts(engine: Engine) -> None:
    """Every account with a link that signs in, and the code that staff type after it."""
    with transaction(engine) as session:
        for email, role in ACCOUNTS.items():
            print(f"  {role}: {SITE}/sign-in/{make_link(session, LinkPurpose.SIGN_IN, email, {'known_device': ''})}")
    print(f"  code of staff now: {pyotp.TOTP(TOTP_SECRET).now()} (secret {TOTP_SECRET})")


def main() -> None:
    """Prepare the database, then run Flask's development server with a mail worker beside it."""
    settings = Settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = open_database(settings.database)
    prepare_database(engine, settings)
    if not is_seeded(engine):
        seed(settings)
    print(f"Sample accounts (mails lie in {settings.data_dir / 'mail'}):")
    print_accounts(engine)
    engine.dispose()
    environment = {**os.environ, "SAFEZONES_BASE_URL": SITE}
    mail = subprocess.Popen([sys.executable, "-m", "directory", "mail", "--watch"], env=environment, cwd=ROOT)
    server = [sys.executable, "-m", "flask", "--app", "directory.app:create_app", "run", "--debug", "--port", PORT]
    try:
        subprocess.run(server, env=environment, cwd=ROOT, check=False)
    except KeyboardInterrupt:
        pass
    finally:
        mail.terminate()
        mail.wait()


if __name__ == "__main__":
    main()
