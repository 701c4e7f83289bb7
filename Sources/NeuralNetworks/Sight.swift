// What one output position of a layer sees of its input: what receptive fields are computed from.

import Tensors

/// What one output position of a layer depends on.
public enum Sight: Sendable {
  /// The same position of the input, in any channel.
  case position
  /// The positions under a sliding window.
  case window(Window)
  /// The positions of one of so many equal pieces of the image.
  case pieces(Extent)
  /// Every position.
  case everything
  /// What one layer sees through the next.
  case chain([Sequential.Entry])
  /// What several sequences see of the same input, added; an empty one is the identity.
  case branches([Sequential])
}

/// A layer that says what it sees, so that ``receptiveFields(of:input:)`` can pass through it.
///
/// All layers of this module do but ``Recurrent``, which has moments instead of positions.
public protocol Sighted: Layer {
  /// What one output position depends on.
  var sight: Sight { get }
}

// Windows.
extension Conv2D: Sighted { public var sight: Sight { .window(window) } }
extension TableConv2D: Sighted { public var sight: Sight { .window(window) } }
extension AveragePool: Sighted { public var sight: Sight { .window(window) } }
extension MaxPool: Sighted { public var sight: Sight { .window(window) } }
extension StochasticPool: Sighted {
  public var sight: Sight { .window(Window(kernel: kernel, stride: stride)) }
}
extension AdaptiveAveragePool: Sighted { public var sight: Sight { .pieces(size) } }

// The whole image: every output of a dense layer, every statistic over positions.
extension GlobalAveragePool: Sighted { public var sight: Sight { .everything } }
extension GlobalMaxPool: Sighted { public var sight: Sight { .everything } }
extension Dense: Sighted { public var sight: Sight { .everything } }
extension DropConnect: Sighted { public var sight: Sight { .everything } }
extension Maxout: Sighted { public var sight: Sight { .everything } }
extension LayerNorm: Sighted { public var sight: Sight { .everything } }
extension GroupNorm: Sighted { public var sight: Sight { .everything } }
extension InstanceNorm: Sighted { public var sight: Sight { .everything } }

// One position: functions of each number, or of the channels at one place. Batch normalization is one of them in
// inference; its statistics in training see the whole batch.
extension BatchNorm: Sighted { public var sight: Sight { .position } }
extension LocalResponseNorm: Sighted { public var sight: Sight { .position } }
extension Flatten: Sighted { public var sight: Sight { .position } }
extension Dropout: Sighted { public var sight: Sight { .position } }
extension ReLU: Sighted { public var sight: Sight { .position } }
extension LeakyReLU: Sighted { public var sight: Sight { .position } }
extension PReLU: Sighted { public var sight: Sight { .position } }
extension ELU: Sighted { public var sight: Sight { .position } }
extension SELU: Sighted { public var sight: Sight { .position } }
extension GELU: Sighted { public var sight: Sight { .position } }
extension Softplus: Sighted { public var sight: Sight { .position } }
extension Sigmoid: Sighted { public var sight: Sight { .position } }
extension HardSigmoid: Sighted { public var sight: Sight { .position } }
extension Tanh: Sighted { public var sight: Sight { .position } }
extension Softmax: Sighted { public var sight: Sight { .position } }
extension LogSoftmax: Sighted { public var sight: Sight { .position } }

// Layers made of layers.
extension Sequential: Sighted { public var sight: Sight { .chain(entries) } }
extension Model: Sighted { public var sight: Sight { .chain(layers.entries) } }
extension ResidualBlock: Sighted {
  public var sight: Sight { .branches([residual, shortcut ?? Sequential([] as [any Layer])]) }
}
