"""Questions that come at once are taken in turn."""

import threading
from concurrent.futures import ThreadPoolExecutor

from bot.in_turn import InTurn
from tests.support.store import eventually


def test_no_more_are_let_in_than_there_are_places():
    door, inside, most = InTurn(2), [], []
    guard = threading.Lock()

    def go():
        with door.let_in():
            with guard:
                inside.append(1)
                most.append(len(inside))
            threading.Event().wait(0.005)
            with guard:
                inside.pop()

    with ThreadPoolExecutor(9) as pool:
        for done in [pool.submit(go) for _ in range(9)]:
            done.result()
    assert len(most) == 9
    assert max(most) == 2


def test_who_came_first_is_let_in_first_also_before_one_who_comes_back():
    door, came = InTurn(1), []
    threads = []
    with door.let_in():
        for number in range(4):
            threads.append(threading.Thread(target=_note, args=(door, came, number)))
            threads[-1].start()
            assert eventually(lambda number=number: len(door._waiting) == number + 1)
    _note(door, came, "back")
    for thread in threads:
        thread.join()
    assert came == [0, 1, 2, 3, "back"]


def test_a_place_is_free_again_after_an_error():
    door = InTurn(1)
    for _ in range(2):
        try:
            with door.let_in():
                raise ValueError
        except ValueError:
            pass
    assert door._free == 1


def _note(door, came, name):
    with door.let_in():
        came.append(name)
