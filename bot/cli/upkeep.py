"""The commands about Beleg itself: bot, config, doctor, reindex."""

from threading import Thread
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.answering import Json
from bot.cli.start import started, tell
from bot.cli.watching import watching_beside
from vectorstore.errors import SettingsError

if TYPE_CHECKING:
    from bot.doctor import Check


def bot() -> None:
    """Run the Telegram bot until it is stopped."""
    with started(owner=True) as app:
        from bot.deletion import keep_purged
        from bot.library import Library
        from bot.tg.app import run

        if app.index is not None:
            app.index.keep_in_step()
        keep_purged(app)
        engine = app.engine()
        # No daemon: a process that ends while libraries are being loaded aborts.
        Thread(target=engine.warm_up, name="warm-up").start()
        with watching_beside(app):
            run(engine, Library(app), app.settings, tell)


def config(json_: Json = False) -> None:
    """Show every setting, with its variable; secrets are masked."""
    from bot.cli.display import print_pairs
    from bot.cli.records import print_json
    from bot.settings import load_settings, shown

    values = shown(load_settings())
    if json_:
        print_json(values)
    else:
        print_pairs([(name, "" if value is None else str(value)) for name, value in values.items()])


def doctor(
    repair: Annotated[
        bool, typer.Option("--repair", help="Mend what can be mended; say what was.")
    ] = False,
    json_: Json = False,
) -> None:
    """Check everything that can be wrong, one by one. Exits with 1 only if you must act."""
    from bot.cli.display import print_checks
    from bot.cli.records import check_record, print_json

    checks = _checks(repair)
    ok = all(check.ok for check in checks)
    if json_:
        print_json({"ok": ok, "checks": [check_record(check) for check in checks]})
    else:
        print_checks(checks)
    if not ok:
        raise typer.Exit(1)


def _checks(repair: bool) -> "list[Check]":
    """All checks; of settings that make no sense, what can be known without them."""
    from bot.doctor import Check, diagnose, versions
    from bot.redaction import set_up_logging
    from bot.settings import load_settings

    try:
        settings = load_settings()
    except SettingsError as error:
        return [*versions(), Check("settings", False, "they can't be used", str(error))]
    level = settings.log_level  # what a warning would tell, a check tells
    set_up_logging("error" if level.lower() == "warning" else level)
    return diagnose(settings, repair, tell)


def reindex(
    back: Annotated[
        bool, typer.Option("--back", help="Return to the index that was live before the last one.")
    ] = False,
) -> None:
    """Make the index anew beside the live one, with the model that is set now, then switch to it.

    Questions are answered meanwhile. Cut off, it goes on there the next time.
    """
    with started(owner=True) as app:
        count = app.pipeline().reindex(tell, back)
        if app.index is not None and app.index.own():
            app.index.store.distrust()  # its vectors may be of another dimension
            app.index.catch_up(again=True)
    tell(f"The index is switched; {count:,} passages had to be embedded for it.")


COMMANDS = (bot, config, doctor, reindex)
