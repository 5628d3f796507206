"""Messages of other kinds than text, for tests that do not care what is in them."""

from typing import Any


def _file(name: str, **more: Any) -> dict[str, Any]:
    return {"file_id": f"sample-{name}", "file_unique_id": f"s-{name}", "file_size": 2048, **more}


_SAMPLES: dict[str, Any] = {
    "photo": [_file("photo", width=90, height=60), _file("photo-big", width=1280, height=853)],
    "voice": _file("voice", duration=4, mime_type="audio/ogg"),
    "audio": _file("audio", duration=180, mime_type="audio/mpeg"),
    "video": _file("video", width=640, height=360, duration=9, mime_type="video/mp4"),
    "video_note": _file("round", length=240, duration=5),
    "animation": _file("gif", width=320, height=240, duration=3, mime_type="video/mp4"),
    "sticker": _file(
        "sticker", type="regular", width=512, height=512, is_animated=False, is_video=False
    ),
    "location": {"latitude": 52.52, "longitude": 13.405},
    "contact": {"phone_number": "+4930000000", "first_name": "Ada"},
    "poll": {
        "id": "1",
        "question": "Kommst du?",
        "options": [{"persistent_id": "1", "text": "Ja", "voter_count": 0}],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": True,
        "members_only": False,
    },
    "dice": {"emoji": "🎲", "value": 3},
}
KINDS = tuple(_SAMPLES)


def sample(kind: str) -> dict[str, Any]:
    """Content for user_sends_media: `api.user_sends_media(7, **sample("voice"))`."""
    return {kind: _SAMPLES[kind]}
