"""Articles to a searchable index with Beleg or a peer, in its defaults, with the same weights.

    python indexing.py beleg|langchain|llamaindex|haystack MODEL_FOLDER ARTICLES.jsonl FOLDER

Peers run in the environment that `make bench-peers` makes (requirements.txt), Beleg in its own.
Prints JSON: seconds until the first article can be taken in, once the model has embedded a first
text, seconds for all of them, and how many passages there were.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

Take = Callable[[Path], int]
FIRST = "The first text is embedded before anything is measured."


def texts_of(articles: Path) -> list[str]:
    """What the articles of a JSONL file say."""
    return [json.loads(line)["text"] for line in articles.read_text().splitlines()]


def beleg(model: str, folder: str) -> Take:
    """What `beleg ingest` does; its own packaged model, of the same weights."""
    from bot.bootstrap import app
    from bot.settings import Settings
    from vectorstore.embedder import Passage

    opened = app(Settings().model_copy(update={"home": Path(folder)}))
    parts = opened.__enter__()
    parts.embedder.encode_passages([Passage(FIRST, ())])

    def take(articles: Path) -> int:
        report = parts.pipeline().ingest([str(articles)])
        opened.__exit__(None, None, None)
        return report.chunks

    return take


def langchain(model: str, folder: str) -> Take:
    """The plain pipeline of the tutorials."""
    from langchain_chroma import Chroma
    from langchain_huggingface import HuggingFaceEmbeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    embeddings = HuggingFaceEmbeddings(model_name=model)
    embeddings.embed_documents([FIRST])
    store = Chroma(embedding_function=embeddings, persist_directory=folder)

    def take(articles: Path) -> int:
        documents = splitter.create_documents(texts_of(articles))
        for at in range(0, len(documents), 5000):  # Chroma takes no more at once
            store.add_documents(documents[at : at + 5000])
        return len(documents)

    return take


def llamaindex(model: str, folder: str) -> Take:
    """IngestionPipeline into the default index, persisted."""
    from llama_index.core import Document, VectorStoreIndex
    from llama_index.core.ingestion import IngestionPipeline
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

    embedding = HuggingFaceEmbedding(model_name=model)
    embedding.get_text_embedding(FIRST)
    pipeline = IngestionPipeline(transformations=[SentenceSplitter(), embedding])

    def take(articles: Path) -> int:
        nodes = pipeline.run(documents=[Document(text=text) for text in texts_of(articles)])
        index = VectorStoreIndex(nodes, embed_model=embedding)
        index.storage_context.persist(folder)
        return len(nodes)

    return take


def haystack(model: str, folder: str) -> Take:
    """The indexing pipeline of the tutorials, into the in-memory store, saved."""
    from haystack import Document, Pipeline
    from haystack.components.preprocessors import DocumentSplitter
    from haystack.components.writers import DocumentWriter
    from haystack.document_stores.in_memory import InMemoryDocumentStore
    from haystack_integrations.components.embedders.sentence_transformers import (
        SentenceTransformersDocumentEmbedder,
    )

    store = InMemoryDocumentStore()
    embedder = SentenceTransformersDocumentEmbedder(model=model)
    pipeline = Pipeline()
    pipeline.add_component("splitter", DocumentSplitter())
    pipeline.add_component("embedder", embedder)
    pipeline.add_component("writer", DocumentWriter(document_store=store))
    pipeline.connect("splitter", "embedder")
    pipeline.connect("embedder", "writer")
    pipeline.warm_up()
    embedder.run(documents=[Document(content=FIRST)])

    def take(articles: Path) -> int:
        documents = [Document(content=text) for text in texts_of(articles)]
        pipeline.run({"splitter": {"documents": documents}})
        store.save_to_disk(str(Path(folder) / "store.json"))
        return store.count_documents()

    return take


PEERS = {"beleg": beleg, "langchain": langchain, "llamaindex": llamaindex, "haystack": haystack}


def main() -> None:
    began = time.monotonic()
    name, model, articles, folder = sys.argv[1:]
    take = PEERS[name](model, folder)
    ready = time.monotonic()
    passages = take(Path(articles))
    done = time.monotonic()
    print(json.dumps({"ready": ready - began, "seconds": done - ready, "passages": passages}))


if __name__ == "__main__":
    main()
