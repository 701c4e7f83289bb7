// The networks of chapter 10: S0's table, and what lies between its rows.

import Foundation
import Workbook

/// A network with a name, how it is trained, and its colour in all figures.
struct Variant: Sendable {
  var name: String
  var net: LeNet5
  var color: Int
  /// The learning rate where it is not that of the session.
  var rate: Float?
  /// Whether gradients are watched while it learns.
  var isWatched = true

  init(_ name: String, _ net: LeNet5, color: Int) {
    self.name = name
    self.net = net
    self.color = color
  }

  /// `lenet-5-published`: for file names.
  var stem: String {
    name.lowercased().replacingOccurrences(of: "+", with: "plus").split { !$0.isASCII || !($0.isLetter || $0.isNumber) }
      .joined(separator: "-")
  }

  /// The same under another name, changed, and not watched.
  func with(_ what: String, _ change: (inout Variant) -> Void) -> Variant {
    var other = self
    other.name += ", " + what
    other.isWatched = false
    change(&other)
    return other
  }

  static let plain = Variant("LeNet-5", .plain, color: 0)
  static let published = Variant("LeNet-5, published σ′", .published, color: 1)
  static let plus = Variant("LeNet-5+", .plus, color: 2)
  static let plusPlus = Variant("LeNet-5++", .plusPlus, color: 3)

  /// Activation × loss × initial weights: LeNet-5 first, LeNet-5+ last.
  static let ablation: [Variant] = [LeNet5.Activation.tanh, .relu].flatMap { activation in
    [false, true].flatMap { hasSoftmax in
      [Initializer.xavierUniform, .torchUniform].map { start in
        let net = LeNet5(
          activation: activation, output: hasSoftmax ? .logits : .sigmoid(.correct), initializer: start)
        var variant = Variant(
          [
            activation == .relu ? "ReLU" : "tanh", hasSoftmax ? "cross-entropy" : "squared error",
            start == .xavierUniform ? "Xavier" : "±1/√fan-in",
          ].joined(separator: ", "), net, color: 0)
        variant.isWatched = false
        return variant
      }
    }
  }
}
