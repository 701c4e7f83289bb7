// The module that chapters import: the core, the notebook, and the connection between them.

@_exported import Basics
@_exported import Datasets
@_exported import ExerciseKit
@_exported import NeuralNetworks
@_exported import Notebook
@_exported import Tensors
@_exported import Training
