"""Everything that Beleg can tell a user went wrong.

    BelegError                 a sentence fit to show, and what to do next
    ├── SettingsError          a setting is missing or makes no sense
    ├── QuestionError          the question is empty or too long
    ├── SourceError            a source or one article of it can't be taken in
    │   └── FetchError         an address can't be fetched, or must not be
    ├── ArticleNotFound        no article has this id
    ├── ModelError             the embedding model can't be found, read or trusted
    ├── IndexMismatch          the index was made by another model or another version
    ├── AlreadyWatched         another process watches the sources of this home
    └── StoreError             the catalogue can't be read or written
        └── CatalogueDamaged   its file is broken, empty or gone

"No answer" is not here: it is a value (`bot.answer.Status`). Only the channels (command
line, Telegram) catch these; whatever else is raised is a bug and gets an id.
"""


class BelegError(Exception):
    """A failure with a message for the person who asked; the message says what to do next."""


class SettingsError(BelegError):
    """A setting is missing or makes no sense."""


class QuestionError(BelegError):
    """The question is empty or too long."""


class SourceError(BelegError):
    """A source, or one article of it, can't be taken in."""


class FetchError(SourceError):
    """An address can't be fetched, or must not be."""


class ArticleNotFound(BelegError):
    """No article has this id."""

    def __init__(self, article_id: str, version: int | None = None) -> None:
        which = f" with a version {version}" if version is not None else ""
        super().__init__(f"There is no article {article_id!r}{which}. `beleg articles` lists them.")


class ModelError(BelegError):
    """The embedding model can't be found, read or trusted."""


class IndexMismatch(BelegError):
    """The index was made by another model or another version of Beleg."""


class AlreadyWatched(BelegError):
    """Another process watches the sources of this home."""


class StoreError(BelegError):
    """The catalogue can't be read or written."""


class CatalogueDamaged(StoreError):
    """The catalogue's file is broken, empty or gone, although there was one."""
