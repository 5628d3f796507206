"""NumPy's matrix products in one thread each.

Its two threads spin for a while after every product, and so take a core from whoever works next:
torch embedded 48 passages a second instead of 72 (benchmarks/embedding.py). Small products gain
nothing from them, and whoever asks much asks in several threads.
"""

from threadpoolctl import ThreadpoolController


def keep_to_one() -> None:
    """Holds for the whole process, from now on."""
    ThreadpoolController().select(internal_api="openblas").limit(limits=1)
