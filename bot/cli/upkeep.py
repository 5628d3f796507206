"""The commands about Beleg itself: bot, config, doctor, reindex."""

from threading import Thread
from typing import Annotated

import typer

from bot.cli.answering import Json
from bot.cli.start import started, tell
from bot.cli.watching import watching_beside


def bot() -> None:
    """Run the Telegram bot until it is stopped."""
    with started(owner=True) as app:
        from bot.deletion import keep_purged
        from bot.tg.app import run

        if app.index is not None:
            app.index.keep_in_step()
        keep_purged(app)
        engine = app.engine()
        Thread(target=engine.warm_up, name="warm-up", daemon=True).start()
        with watching_beside(app):
            run(engine, app.settings, tell)


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


def doctor(json_: Json = False) -> None:
    """Check versions, paths, counts, and that catalogue and Chroma agree. Exits with 1 if not."""
    from bot.cli.display import print_checks
    from bot.cli.records import print_json
    from bot.doctor import examine

    with started(owner=True) as app:
        checks = examine(app)
    if json_:
        print_json(
            {
                "ok": all(check.ok for check in checks),
                "checks": [
                    {"name": c.name, "ok": c.ok, "state": c.state, "advice": c.advice}
                    for c in checks
                ],
            }
        )
    else:
        print_checks(checks)
    if not all(check.ok for check in checks):
        raise typer.Exit(1)


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
            app.index.catch_up()
    tell(f"{count} passages were embedded, and the index is switched.")


COMMANDS = (bot, config, doctor, reindex)
