// Everything that an exercise's file sees with `import ExerciseKit`.

@_exported import Datasets
@_exported import NeuralNetworks
@_exported import Tensors
@_exported import Training
