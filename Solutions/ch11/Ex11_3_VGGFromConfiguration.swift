// Solution of exercise 11.3: VGG from a configuration.

import ExerciseKit

/// Exercise 11.3 · VGG from a configuration.
public enum Ex11_3_VGGFromConfiguration: Ex11_3 {
  /// Returns a VGG network from the number of convolutions and the number of channels of each stage.
  ///
  /// Stage s has `stages[s]` convolutions with `channels[s]` filters of 3×3 and padding 1, each followed by a ReLU; max
  /// pooling of 2×2 follows the stage. After the last stage: Flatten, a dense layer of `hidden` units, ReLU, another of
  /// `hidden` units, ReLU, and one of `classes` units. No dropout.
  ///
  /// Layers: `Conv2D(inputs, outputs, kernel: 3, padding: 1)`, `ReLU()`, `MaxPool(2)`, `Flatten()`,
  /// `Dense(inputs, outputs)`; `Sequential([…])` takes a list `[any Layer]`.
  ///
  /// - Parameters:
  ///   - stages: the number of convolutions in each stage; VGG-16 is `[2, 2, 3, 3, 3]`.
  ///   - channels: the number of filters in each stage; VGG has `[64, 128, 256, 512, 512]`.
  ///   - hidden: the number of units in each of the two hidden dense layers; VGG has 4096.
  ///   - classes: the number of units of the last layer.
  ///   - side: the height and width of the images, which have three channels; divisible by 2 to the number of stages.
  /// - Returns: the network, with all weights still 0.
  /// - Source: Simonyan and Zisserman 2015, arXiv:1409.1556, table 1.
  public static func network(stages: [Int], channels: [Int], hidden: Int, classes: Int, side: Int) throws -> Sequential
  {
    var layers: [any Layer] = []
    var (arriving, size) = (3, side)
    for (count, width) in zip(stages, channels) {
      for _ in 0..<count {
        layers.append(Conv2D(arriving, width, kernel: 3, padding: 1))
        layers.append(ReLU())
        arriving = width
      }
      layers.append(MaxPool(2))
      size /= 2
    }
    layers.append(Flatten())
    layers.append(Dense(arriving * size * size, hidden))
    layers.append(ReLU())
    layers.append(Dense(hidden, hidden))
    layers.append(ReLU())
    layers.append(Dense(hidden, classes))
    return Sequential(layers)
  }
}
