// The receptive field of a single layer, from which the receptive fields of networks are computed.

import Tensors

/// The part of a layer's input on which one position of its output depends.
public enum LocalReceptiveField: Sendable {
  /// The same position of the input, in any channel.
  case position
  /// The positions under a sliding window.
  case window(Window)
  /// The positions of one piece, if the image is divided into the given numbers of equal pieces.
  case pieces(Extent)
  /// Every position.
  case everything
  /// The receptive field of layers applied one after the other.
  case chain([Sequential.Entry])
  /// The receptive fields of several sequences with the same input, whose outputs are added; an empty sequence is the
  /// identity.
  case branches([Sequential])
}

/// A layer that declares its local receptive field, as ``receptiveFields(of:input:)`` requires.
///
/// All layers of this module conform except ``Recurrent``, which has time steps instead of positions.
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

// The whole image: outputs of dense layers, and statistics over all positions.
extension GlobalAveragePool: ReceptiveLayer { public var localReceptiveField: LocalReceptiveField { .everything } }
extension GlobalMaxPool: ReceptiveLayer { public var localReceptiveField: LocalReceptiveField { .everything } }
extension Dense: ReceptiveLayer { public var localReceptiveField: LocalReceptiveField { .everything } }
extension DropConnect: ReceptiveLayer { public var localReceptiveField: LocalReceptiveField { .everything } }
extension Maxout: ReceptiveLayer { public var localReceptiveField: LocalReceptiveField { .everything } }
extension LayerNorm: ReceptiveLayer { public var localReceptiveField: LocalReceptiveField { .everything } }
extension GroupNorm: ReceptiveLayer { public var localReceptiveField: LocalReceptiveField { .everything } }
extension InstanceNorm: ReceptiveLayer { public var localReceptiveField: LocalReceptiveField { .everything } }

// One position: functions of each number, or of the channels at one position. Batch normalization is one of them in
// inference; in training, its statistics depend on the whole batch.
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

// Composite layers.
extension Sequential: ReceptiveLayer { public var localReceptiveField: LocalReceptiveField { .chain(entries) } }
extension Model: ReceptiveLayer { public var localReceptiveField: LocalReceptiveField { .chain(layers.entries) } }
extension ResidualBlock: ReceptiveLayer {
  public var localReceptiveField: LocalReceptiveField {
    .branches([residual, shortcut ?? Sequential([] as [any Layer])])
  }
}
