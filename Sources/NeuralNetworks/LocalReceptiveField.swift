// The receptive field of a single layer: what those of whole networks are computed from.

import Tensors

/// The part of a layer's input on which one position of its output depends.
public enum LocalReceptiveField: Sendable {
  /// The same position of the input, in any channel.
  case position
  /// The positions under a sliding window.
  case window(Window)
  /// The positions of one of so many equal pieces of the image.
  case pieces(Extent)
  /// Every position.
  case everything
  /// That of layers one after the other.
  case chain([Sequential.Entry])
  /// Those of several sequences over the same input, whose outputs are added; an empty one is the identity.
  case branches([Sequential])
}

/// A layer that states its local receptive field, so that ``receptiveFields(of:input:)`` can pass through it.
///
/// All layers of this module do but ``Recurrent``, which has moments instead of positions.
public protocol ReceptiveLayer: Layer {
  /// The part of the input on which one output position depends.
  var localReceptiveField: LocalReceptiveField { get }
}

// Windows.
extension Conv2D: ReceptiveLayer { public var localReceptiveField: LocalReceptiveField { .window(window) } }
extension TableConv2D: ReceptiveLayer { public var localReceptiveField: LocalReceptiveField { .window(window) } }
extension AveragePool: ReceptiveLayer { public var localReceptiveField: LocalReceptiveField { .window(window) } }
extension MaxPool: ReceptiveLayer { public var localReceptiveField: LocalReceptiveField { .window(window) } }
extension StochasticPool: ReceptiveLayer {
  public var localReceptiveField: LocalReceptiveField { .window(Window(kernel: kernel, stride: stride)) }
}
extension AdaptiveAveragePool: ReceptiveLayer { public var localReceptiveField: LocalReceptiveField { .pieces(size) } }

// The whole image: every output of a dense layer, every statistic over positions.
extension GlobalAveragePool: ReceptiveLayer { public var localReceptiveField: LocalReceptiveField { .everything } }
extension GlobalMaxPool: ReceptiveLayer { public var localReceptiveField: LocalReceptiveField { .everything } }
extension Dense: ReceptiveLayer { public var localReceptiveField: LocalReceptiveField { .everything } }
extension DropConnect: ReceptiveLayer { public var localReceptiveField: LocalReceptiveField { .everything } }
extension Maxout: ReceptiveLayer { public var localReceptiveField: LocalReceptiveField { .everything } }
extension LayerNorm: ReceptiveLayer { public var localReceptiveField: LocalReceptiveField { .everything } }
extension GroupNorm: ReceptiveLayer { public var localReceptiveField: LocalReceptiveField { .everything } }
extension InstanceNorm: ReceptiveLayer { public var localReceptiveField: LocalReceptiveField { .everything } }

// One position: functions of each number, or of the channels at one place. Batch normalization is one of them in
// inference; its statistics in training see the whole batch.
extension BatchNorm: ReceptiveLayer { public var localReceptiveField: LocalReceptiveField { .position } }
extension LocalResponseNorm: ReceptiveLayer { public var localReceptiveField: LocalReceptiveField { .position } }
extension Flatten: ReceptiveLayer { public var localReceptiveField: LocalReceptiveField { .position } }
extension Dropout: ReceptiveLayer { public var localReceptiveField: LocalReceptiveField { .position } }
extension ReLU: ReceptiveLayer { public var localReceptiveField: LocalReceptiveField { .position } }
extension LeakyReLU: ReceptiveLayer { public var localReceptiveField: LocalReceptiveField { .position } }
extension PReLU: ReceptiveLayer { public var localReceptiveField: LocalReceptiveField { .position } }
extension ELU: ReceptiveLayer { public var localReceptiveField: LocalReceptiveField { .position } }
extension SELU: ReceptiveLayer { public var localReceptiveField: LocalReceptiveField { .position } }
extension GELU: ReceptiveLayer { public var localReceptiveField: LocalReceptiveField { .position } }
extension Softplus: ReceptiveLayer { public var localReceptiveField: LocalReceptiveField { .position } }
extension Sigmoid: ReceptiveLayer { public var localReceptiveField: LocalReceptiveField { .position } }
extension HardSigmoid: ReceptiveLayer { public var localReceptiveField: LocalReceptiveField { .position } }
extension Tanh: ReceptiveLayer { public var localReceptiveField: LocalReceptiveField { .position } }
extension Softmax: ReceptiveLayer { public var localReceptiveField: LocalReceptiveField { .position } }
extension LogSoftmax: ReceptiveLayer { public var localReceptiveField: LocalReceptiveField { .position } }

// Layers made of layers.
extension Sequential: ReceptiveLayer { public var localReceptiveField: LocalReceptiveField { .chain(entries) } }
extension Model: ReceptiveLayer { public var localReceptiveField: LocalReceptiveField { .chain(layers.entries) } }
extension ResidualBlock: ReceptiveLayer {
  public var localReceptiveField: LocalReceptiveField {
    .branches([residual, shortcut ?? Sequential([] as [any Layer])])
  }
}
