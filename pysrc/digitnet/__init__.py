"""A neural network written from scratch in NumPy that learns to read handwritten digits."""

from digitnet.config import TrainConfig
from digitnet.data.csv import load_csv
from digitnet.data.drawing import preprocess_digit
from digitnet.data.files import load_mnist
from digitnet.data.idx import load_idx
from digitnet.dataset import Dataset, split
from digitnet.gradcheck import gradient_check
from digitnet.losses import one_hot, softmax, softmax_cross_entropy
from digitnet.metrics import accuracy, confusion_matrix, per_class_accuracy, prediction_distribution
from digitnet.network import MLP
from digitnet.optimizers import SGD, Adam, Momentum
from digitnet.storage import load, save
from digitnet.training import Progress, train

__version__ = "1.0.0"

__all__ = [
    "MLP",
    "SGD",
    "Adam",
    "Dataset",
    "Momentum",
    "Progress",
    "TrainConfig",
    "accuracy",
    "confusion_matrix",
    "gradient_check",
    "load",
    "load_csv",
    "load_idx",
    "load_mnist",
    "one_hot",
    "per_class_accuracy",
    "prediction_distribution",
    "preprocess_digit",
    "save",
    "softmax",
    "softmax_cross_entropy",
    "split",
    "train",
]
