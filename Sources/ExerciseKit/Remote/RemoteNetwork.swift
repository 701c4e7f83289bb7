// Builds a network that an answer describes from the layers of the library.

import Basics

/// Why a description is not a network.
struct NetworkError: Error, CustomStringConvertible {
  var description: String
}

extension Sequential {
  /// Builds the network that an answer describes; the description may contain anything.
  init(described wire: Wire) throws {
    var room = (layers: 200, numbers: 1 << 24)
    guard let network = try Self.layer(wire, depth: 0, &room) as? Sequential else {
      throw NetworkError(description: "expected a network, found something else")
    }
    self = network
  }

  private static func layer(
    _ wire: Wire, depth: Int, _ room: inout (layers: Int, numbers: Int)
  ) throws -> any Layer {
    room.layers -= 1
    guard depth < 10, room.layers > 0 else { throw NetworkError(description: "the network has too many layers") }
    guard case .list(let parts) = wire, case .text(let name)? = parts.first else {
      throw NetworkError(description: "expected a layer, found something else")
    }
    let kind = name.clipped(to: 100)
    if kind == "Sequential" {
      return Sequential(try parts.dropFirst().map { try layer($0, depth: depth + 1, &room) })
    }
    var sizes: [Int] = []
    if parts.count > 1, case .integers(let found) = parts[1] { sizes = found }
    guard sizes.allSatisfy({ abs($0.clamped(to: -1_000_000_000...1_000_000_000)) < 1 << 20 }) else {
      throw NetworkError(description: "\(kind): its sizes are far too large: \(sizes.prefix(12))")
    }
    func demandSizes(_ count: Int) throws -> [Int] {
      guard sizes.count == count else { throw NetworkError(description: "\(kind): its sizes are missing") }
      return sizes
    }
    func number() throws -> Float {
      guard parts.count > 1, let number = Float(wire: parts[1]) else {
        throw NetworkError(description: "\(kind): its number is missing")
      }
      return number
    }
    func extent(_ index: Int) -> Extent { Extent(sizes[index], sizes[index + 1]) }
    func padding(_ index: Int) -> Padding {
      Padding(top: sizes[index], left: sizes[index + 1], bottom: sizes[index + 2], right: sizes[index + 3])
    }
    // No honest mistake leads to padding as wide as that.
    guard kind != "Conv2D" && !kind.hasSuffix("Pool") || sizes.dropFirst(2).allSatisfy({ abs($0) < 4096 }) else {
      throw NetworkError(description: "\(kind): its sizes are far too large: \(sizes.prefix(14))")
    }
    func make(room counts: [Int]...) throws {
      for count in counts {
        guard let size = Wire.size(of: count.map { max(0, $0) }, limit: room.numbers), size < room.numbers else {
          throw NetworkError(description: "\(kind): far too many weights: \(count)")
        }
        room.numbers -= size
      }
    }
    func set(_ parameter: inout Parameter, _ index: Int) throws {
      guard parts.count > index, let value = Tensor(wire: parts[index]) else { return }
      guard value.shape == parameter.value.shape else {
        throw NetworkError(description: "\(kind): expects weights of \(parameter.value.shape), got \(value.shape)")
      }
      parameter.value = value
    }
    switch kind {
    case "Dense":
      let s = try demandSizes(3)
      try make(room: [s[0], s[1]], [s[1]])
      var dense = Dense(s[0], s[1], bias: s[2] == 1)
      try set(&dense.weight, 2)
      if var bias = dense.bias {
        try set(&bias, 3)
        dense.bias = bias
      }
      return dense
    case "Conv2D":
      let s = try demandSizes(14)
      try make(room: [s[0], s[1], s[3], s[4]], [s[1]])
      var layer = Conv2D(
        s[0], s[1], kernel: extent(3), stride: extent(5), padding: padding(7), dilation: extent(11), groups: s[13],
        bias: s[2] == 1)
      try set(&layer.weight, 2)
      if var bias = layer.bias {
        try set(&bias, 3)
        layer.bias = bias
      }
      return layer
    case "AveragePool":
      let s = try demandSizes(9)
      return AveragePool(extent(0), stride: extent(2), padding: padding(4), countsPadding: s[8] == 1)
    case "MaxPool":
      _ = try demandSizes(8)
      return MaxPool(extent(0), stride: extent(2), padding: padding(4))
    case "BatchNorm":
      let s = try demandSizes(1)
      guard s[0] > 0 else { throw NetworkError(description: "BatchNorm: expects channels, got \(s[0])") }
      try make(room: [4, s[0]])
      return BatchNorm(s[0])
    case "LeakyReLU": return LeakyReLU(slope: try number())
    case "Dropout":
      let rate = try number()
      guard rate >= 0, rate < 1 else { throw NetworkError(description: "Dropout: expects 0 … 1, got \(rate)") }
      return Dropout(dropping: rate)
    case "GlobalAveragePool": return GlobalAveragePool()
    case "Flatten": return Flatten()
    case "ReLU": return ReLU()
    case "Tanh": return Tanh()
    case "Sigmoid": return Sigmoid()
    case "Softmax": return Softmax()
    default:
      throw NetworkError(description: "\(kind): expected a layer of the library, found one of your own")
    }
  }
}

extension Int {
  fileprivate func clamped(to range: ClosedRange<Int>) -> Int {
    Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
  }
}
