// Several channels: where the numbers of one map come from.

import Workbook

/// A filter on two channels in numbers: what each of its kernels makes of its channel, and the map that both add up to.
struct ChannelSum {
  static let channels: [[[Double]]] = [[[1, 0, 2], [0, 3, 1], [2, 1, 0]], [[0, 1, 0], [2, 0, 1], [1, 1, 2]]]
  /// [filter][channel]
  static let filters: [[[[Double]]]] = [
    [[[1, 0], [0, 1]], [[0, 1], [1, 0]]], [[[1, -1], [1, -1]], [[2, 0], [0, 0]]],
  ]

  var kernels: [[[Double]]]
  /// What each kernel makes of its own channel.
  var parts: [[[Double]]]
  /// What the filter makes of both.
  var map: [[Double]]

  init(filter: Int) {
    let kernels = Self.filters[filter]
    self.kernels = kernels
    parts = kernels.indices.map { Self.convolved([Self.channels[$0]], [kernels[$0]]) }
    map = Self.convolved(Self.channels, kernels)
  }

  private static func convolved(_ channels: [[[Double]]], _ kernels: [[[Double]]]) -> [[Double]] {
    guard
      let g = ConvolutionGeometry(channels: channels.count, filters: 1, image: 3, window: Window(kernel: 2))
    else { return [] }
    return firstMap(
      Kernels.naiveConvolution(
        Tensor([1, channels.count, 3, 3], channels.joined().joined().map { Float($0) }),
        weight: Tensor(g.weightShape, kernels.joined().joined().map { Float($0) }), bias: nil, geometry: g))
  }

  /// `channel 1 gives 1·1 + 0·0 + 0·0 + 3·1 = 4, channel 2 gives … = 3, together 7`: the pixel at the top left of the map.
  var firstPixel: String {
    func term(_ value: Double) -> String { value < 0 ? "(\(short(value)))" : short(value) }
    let sums = kernels.indices.map { channel in
      let products = kernels[channel].indices.flatMap { u in
        kernels[channel][u].indices.map { v in
          "\(term(Self.channels[channel][u][v]))·\(term(kernels[channel][u][v]))"
        }
      }
      return
        "channel \(channel + 1) gives \(products.joined(separator: " + ")) = \(short(parts[channel][0][0]))"
    }
    return sums.joined(separator: ", ") + ", together \(short(map[0][0]))"
  }

  /// Channels, kernels, partial maps and their sum as cells with numbers; what makes the pixel at the top left is shaded.
  var diagram: Diagram {
    var grids = NumberGrids()
    func shaded(_ side: Int) -> (Int, Int) -> Int? { { max($0, $1) < side ? 1 : nil } }
    func texts(_ rows: [[Double]]) -> [[String]] { rows.map { $0.map { short($0) } } }
    for channel in Self.channels.indices {
      let y = channel == 0 ? 0.0 : 4.8
      grids.grid("channel \(channel + 1)", texts(Self.channels[channel]), x: 0, y: y, color: shaded(2))
      grids.label("×", x: 3, y: y + 1)
      grids.grid("kernel \(channel + 1)", texts(kernels[channel]), x: 4, y: y + 0.5, color: shaded(2))
      grids.label("→", x: 6, y: y + 1)
      grids.grid("part \(channel + 1)", texts(parts[channel]), x: 7, y: y + 0.5, color: shaded(1))
    }
    grids.label("+", x: 7.5, y: 3.9)
    grids.label("=", x: 9.4, y: 3.9)
    grids.grid("map", texts(map), x: 10.8, y: 3.4, color: shaded(1))
    return grids.diagram
  }
}
