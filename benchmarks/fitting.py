"""The mathematics of fit_answers.py: a softmax over sentences, logistic models, their measures."""

from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression

FOLDS = 8


def folds(groups: Sequence[str]) -> np.ndarray:
    """A fold for each example, the same for all that are about one article."""
    order = {group: number for number, group in enumerate(sorted(set(groups)))}
    shuffled = np.random.default_rng(5).permutation(len(order)) % FOLDS
    return np.array([shuffled[order[group]] for group in groups])


def fit_choice(
    traits: Sequence[np.ndarray], right: Sequence[np.ndarray], weights: np.ndarray, ridge: float
) -> np.ndarray:
    """Weights by which the right sentences of each question come out on top.

    `traits` has a matrix a question, `right` says which rows answer; both of the same length.
    """
    import torch

    rows = np.concatenate(traits)
    middle, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    x = torch.tensor((rows - middle) / spread, dtype=torch.float64)
    good = torch.tensor(np.concatenate(right))
    sizes = [len(r) for r in right]
    of = torch.tensor(np.repeat(np.arange(len(sizes)), sizes))
    importance = torch.tensor(weights / weights.sum())
    w = torch.zeros(x.shape[1], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([w], max_iter=200)

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        odds = (x @ w).exp()
        every = torch.zeros(len(sizes), dtype=torch.float64).scatter_add(0, of, odds)
        chosen = torch.zeros(len(sizes), dtype=torch.float64).scatter_add(0, of, odds * good)
        value = -(importance * torch.log(chosen / every + 1e-12)).sum() + ridge * (w**2).sum()
        value.backward()
        return value

    optimizer.step(loss)
    return w.detach().numpy() / spread


def fit_logistic(
    x: np.ndarray, y: np.ndarray, importance: np.ndarray, strength: float
) -> tuple[np.ndarray, float]:
    """Weights of the columns of `x` and the intercept."""
    middle, spread = x.mean(axis=0), x.std(axis=0) + 1e-9
    model = LogisticRegression(C=strength, max_iter=3000)
    model.fit((x - middle) / spread, y, sample_weight=importance)
    weights = model.coef_[0] / spread
    return weights, float(model.intercept_[0] - weights @ middle)


def probabilities(x: np.ndarray, fitted: tuple[np.ndarray, float]) -> np.ndarray:
    """What a fitted logistic model says of each row."""
    weights, intercept = fitted
    return 1 / (1 + np.exp(-np.clip(x @ weights + intercept, -30, 30)))


def calibration_error(p: np.ndarray, right: np.ndarray) -> float:
    """The mean distance of both in ten equally large bins."""
    bins = np.array_split(np.argsort(p), 10)
    return float(sum(abs(p[b].sum() - right[b].sum()) for b in bins) / max(1, len(p)))
